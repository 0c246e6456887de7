#include "advice/fixes.h"

#include "evaluation/local_source.h"

#include <algorithm>

namespace mailassay::advice {
namespace {

using evaluation::Result;
using trace::List;
using trace::Value;

Value or_null(const std::string& text) {
  return text.empty() ? Value(nullptr) : Value(text);
}

Value provider_name(const Case& mail) {
  return mail.provider ? Value(mail.provider->name) : Value(nullptr);
}

// "ip4:192.0.2.1"; for a sending service its own include is the lasting form.
std::string source_term(const Case& mail) {
  if (mail.provider && mail.provider->is_ses) return "include:amazonses.com";
  const auto& ip = *mail.report.connection.ip;
  return (ip.is_v4() ? "ip4:" : "ip6:") + ip.to_string();
}

bool is_all(std::string_view term) {
  if (!term.empty() && std::string_view("+-~?").find(term.front()) != std::string_view::npos)
    term.remove_prefix(1);
  return term.size() == 3 && (term[0] | 0x20) == 'a' && (term[1] | 0x20) == 'l' && (term[2] | 0x20) == 'l';
}

// A signature of an aligned domain that does not pass.
const dkim::Outcome* broken_own_signature(const Case& mail) {
  for (const auto& identifier : mail.dmarc.dkim) {
    if (!identifier.aligned || identifier.result == Result::pass) continue;
    for (const auto& signature : *mail.report.dkim)
      if (signature.domain == identifier.domain && signature.result != Result::pass) return &signature;
  }
  return nullptr;
}

List signers_of(const Case& mail) {
  List signers;
  for (const auto& identifier : mail.dmarc.dkim) signers.emplace_back(identifier.domain);
  return signers;
}

}  // namespace

Case::Case(const evaluation::Report& judged)
    : report(judged),
      dmarc(judged.dmarc->rfc9989),
      from(dmarc.from_domain),
      organization(judged.dmarc->rfc7489.organizational_domain),
      provider(provider_of(judged)) {
  if (organization.empty()) organization = from;
  local = !judged.connection.ip || !evaluation::local_source(*judged.connection.ip).empty();
  spf_counts = dmarc.spf.aligned && dmarc.spf.result == Result::pass;
  dkim_counts = std::ranges::any_of(
      dmarc.dkim, [](const auto& one) { return one.aligned && one.result == Result::pass; });
}

Value record(std::string name, const char* type, std::string value) {
  return trace::Facts{{"name", std::move(name)}, {"type", type}, {"value", std::move(value)}};
}

std::string with_term(const std::string& record, const std::string& term) {
  for (std::size_t start = 0; start < record.size();) {
    const auto end = std::min(record.find(' ', start), record.size());
    const auto word = std::string_view(record).substr(start, end - start);
    if (is_all(word) || word.starts_with("redirect="))
      return record.substr(0, start) + term + ' ' + record.substr(start);
    start = end + 1;
  }
  return record + ' ' + term;
}

Advice author_advice(const Case& mail) {
  return {"advice.author_domain", {{"cause", or_null(mail.dmarc.cause)}, {"rfc", "5322 3.6.2"}}};
}

std::optional<Advice> dkim_advice(const Case& mail) {
  if (mail.dkim_counts || !mail.report.dkim) return std::nullopt;
  if (const auto* broken = broken_own_signature(mail))
    return Advice{"advice.dkim_broken",
                  {{"domain", broken->domain},
                   {"selector", broken->selector},
                   {"result", to_string(broken->result)},
                   {"cause", or_null(broken->cause)},
                   {"rfc", "6376 6.1"}}};
  if (mail.provider && mail.provider->is_ses)
    return Advice{
        "advice.ses_domain_identity",
        {{"from_domain", mail.from},
         {"region", mail.provider->region},
         {"signers", signers_of(mail)},
         {"records", List{record("(token)._domainkey." + mail.from, "CNAME", "(token).dkim.amazonses.com")}},
         {"rfc", "9989 4.4.1"}}};
  return Advice{"advice.dkim_own_domain",
                {{"from_domain", mail.from},
                 {"provider", provider_name(mail)},
                 {"signers", signers_of(mail)},
                 {"rfc", "9989 4.4.1"}}};
}

std::optional<Advice> spf_advice(const Case& mail, const std::optional<std::string>& published) {
  if (mail.spf_counts || !mail.report.spf) return std::nullopt;
  const auto& spf = *mail.report.spf;
  if (spf.result == Result::permerror)
    return Advice{"advice.spf_broken",
                  {{"domain", spf.domain},
                   {"cause", or_null(spf.cause)},
                   {"record", published ? Value(*published) : Value(nullptr)},
                   {"rfc", "7208 2.6.7"}}};
  if (!mail.dmarc.spf.aligned)
    return Advice{"advice.own_return_path",
                  {{"domain", or_null(spf.domain)},
                   {"result", to_string(spf.result)},
                   {"from_domain", mail.from},
                   {"provider", provider_name(mail)},
                   {"name", "bounce." + mail.from},
                   {"rfc", "9989 4.4.2"}}};
  if (mail.local || spf.result == Result::temperror) return std::nullopt;
  const auto term = source_term(mail);
  if (!published)
    return Advice{"advice.spf_record",
                  {{"domain", spf.domain},
                   {"ip", mail.report.connection.ip->to_string()},
                   {"records", List{record(spf.domain, "TXT", "v=spf1 " + term + " ~all")}},
                   {"rfc", "7208 3"}}};
  return Advice{"advice.spf_source",
                {{"domain", spf.domain},
                 {"ip", mail.report.connection.ip->to_string()},
                 {"result", to_string(spf.result)},
                 {"term", term},
                 {"records", List{record(spf.domain, "TXT", with_term(*published, term))}},
                 {"rfc", "7208 5"}}};
}

std::optional<Advice> dmarc_advice(const Case& mail) {
  if (mail.from.empty()) return std::nullopt;
  const auto proposal_at = [&](const std::string& domain) {
    return record("_dmarc." + domain, "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@" + mail.organization);
  };
  if (mail.dmarc.cause == "no_record")
    return Advice{"advice.dmarc_record",
                  {{"from_domain", mail.from},
                   {"name", "_dmarc." + mail.organization},
                   {"records", List{proposal_at(mail.organization)}},
                   {"rfc", "9989 4.7"}}};
  if (mail.dmarc.cause == "record_invalid")
    return Advice{"advice.dmarc_record_invalid",
                  {{"domain", mail.dmarc.policy_domain},
                   {"record", mail.dmarc.record ? Value(*mail.dmarc.record) : Value(nullptr)},
                   {"records", List{proposal_at(mail.dmarc.policy_domain)}},  // in place of the broken one
                   {"rfc", "9989 4.10.1"}}};
  return std::nullopt;
}

// A sending service names its own addresses: nothing to do for its customers.
std::optional<Advice> reverse_name_advice(const Case& mail) {
  if (mail.local || mail.provider || !mail.report.iprev) return std::nullopt;
  const auto& iprev = *mail.report.iprev;
  if (iprev.result != Result::fail && iprev.result != Result::permerror) return std::nullopt;
  return Advice{"advice.reverse_name",
                {{"ip", mail.report.connection.ip->to_string()},
                 {"result", to_string(iprev.result)},
                 {"cause", or_null(iprev.cause)},
                 {"helo", mail.report.connection.envelope.helo},
                 {"rfc", "8601 3"}}};
}

}  // namespace mailassay::advice
