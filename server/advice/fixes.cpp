#include "advice/fixes.h"

#include "evaluation/local_source.h"

#include <algorithm>
#include <array>

namespace mailassay::advice {

using evaluation::Result;
using trace::List;
using trace::Value;

namespace {

// By RFC 7489's rules where no policy applies: they need none.
const dmarc::Outcome& aligning(const evaluation::Report& judged) {
  return judged.dmarc->rfc9989.policy.empty() ? judged.dmarc->rfc7489 : judged.dmarc->rfc9989;
}

// A signature of an aligned domain that does not pass.
const dkim::Outcome* broken_own_signature(const Case& mail) {
  for (const auto& identifier : mail.dkim) {
    if (!identifier.aligned || identifier.result == Result::pass) continue;
    for (const auto& signature : *mail.report.dkim)
      if (signature.domain == identifier.domain && signature.result != Result::pass) return &signature;
  }
  return nullptr;
}

List signers_of(const Case& mail) {
  List signers;
  for (const auto& identifier : mail.dkim)
    if (!identifier.domain.empty()) signers.emplace_back(identifier.domain);
  return signers;
}

}  // namespace

Case::Case(const evaluation::Report& judged)
    : report(judged),
      dmarc(judged.dmarc->rfc9989),
      from(dmarc.from_domain),
      organization(judged.dmarc->rfc7489.organizational_domain),
      spf(aligning(judged).spf),
      dkim(aligning(judged).dkim),
      provider(provider_of(judged)) {
  if (organization.empty()) organization = from;
  if (dmarc.record) record = dmarc::parse_record(*dmarc.record);
  local = !judged.connection.ip || !evaluation::local_source(*judged.connection.ip).empty();
  spf_counts = spf.aligned && spf.result == Result::pass;
  dkim_counts =
      std::ranges::any_of(dkim, [](const auto& one) { return one.aligned && one.result == Result::pass; });
}

Value record(std::string name, const char* type, std::string value) {
  return trace::Facts{{"name", std::move(name)}, {"type", type}, {"value", std::move(value)}};
}

Value or_null(const std::string& text) {
  return text.empty() ? Value(nullptr) : Value(text);
}

Value provider_name(const Case& mail) {
  return mail.provider ? Value(mail.provider->name) : Value(nullptr);
}

bool is_unreal(std::string_view domain) {
  constexpr std::array<std::string_view, 8> kNobodys{"local",   "localhost", "localdomain", "internal",
                                                     "invalid", "lan",       "home",        "corp"};
  const auto dot = domain.rfind('.');
  return dot == std::string_view::npos ||
         std::ranges::find(kNobodys, domain.substr(dot + 1)) != kNobodys.end();
}

std::optional<Advice> author_advice(const Case& mail) {
  if (!mail.from.empty() && !is_unreal(mail.from)) return std::nullopt;
  return Advice{"advice.author_domain",
                {{"cause", mail.from.empty() ? or_null(mail.dmarc.cause) : Value("unreal")},
                 {"from_domain", or_null(mail.from)},
                 {"rfc", "5322 3.6.2"}}};
}

std::optional<Advice> one_author_advice(const Case& mail) {
  const auto& judged = *mail.report.dmarc;
  if (judged.from_fields <= 1 && judged.author_domains.size() <= 1) return std::nullopt;
  List domains;
  for (const auto& domain : judged.author_domains) domains.emplace_back(domain);
  return Advice{"advice.one_author",
                {{"fault", judged.author_domains.size() > 1 ? "several_domains" : "several_fields"},
                 {"fields", judged.from_fields},
                 {"domains", std::move(domains)},
                 {"rfc", "5322 3.6"}}};
}

std::optional<Advice> foreign_from_advice(const Case& mail) {
  if (mail.spf_counts || mail.dkim_counts || !is_mailbox_provider(mail.organization)) return std::nullopt;
  return Advice{"advice.foreign_from", {{"from_domain", mail.from}, {"rfc", "9989 4.4"}}};
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

std::vector<Advice> better_signature_advice(const Case& mail) {
  constexpr int kAskedOfSigners = 2048;  // RFC 8301 section 3.2
  std::vector<Advice> all;
  if (!mail.report.dkim) return all;
  const auto counts = [&](const dkim::Outcome& signature) {
    return signature.result == Result::pass && std::ranges::any_of(mail.dkim, [&](const auto& identifier) {
             return identifier.aligned && identifier.domain == signature.domain;
           });
  };
  const auto add = [&](trace::Name kind, const char* rfc, auto could_be_better) {
    const auto found = std::ranges::find_if(*mail.report.dkim, [&](const auto& signature) {
      return counts(signature) && could_be_better(signature);
    });
    if (found == mail.report.dkim->end()) return;
    all.push_back({kind,
                   {{"name", found->selector + "._domainkey." + found->domain},
                    {"domain", found->domain},
                    {"bits", found->key_bits},
                    {"rfc", rfc}}});
  };
  add("advice.dkim_length", "6376 8.2", [](const auto& signature) { return signature.has_length; });
  add("advice.dkim_testing", "6376 3.6.1", [](const auto& signature) { return signature.testing; });
  add("advice.dkim_key_bits", "8301 3.2", [](const auto& signature) {
    return signature.algorithm.starts_with("rsa") && signature.key_bits < kAskedOfSigners;
  });
  return all;
}

// A sending service names its own addresses: nothing to do for its customers.
std::optional<Advice> reverse_name_advice(const Case& mail) {
  if (mail.local || mail.provider || !mail.report.iprev) return std::nullopt;
  const auto& iprev = *mail.report.iprev;
  if (iprev.result != Result::fail && iprev.result != Result::permerror) return std::nullopt;
  const auto& helo = mail.report.connection.envelope.helo;
  const bool is_name = helo.find_first_of("[]:") == std::string::npos && !is_unreal(helo);
  return Advice{"advice.reverse_name",
                {{"ip", mail.report.connection.ip->to_string()},
                 {"result", to_string(iprev.result)},
                 {"cause", or_null(iprev.cause)},
                 {"helo", is_name ? helo : "mail." + mail.organization},
                 {"rfc", "8601 3"}}};
}

}  // namespace mailassay::advice
