#include "advice/fixes.h"
#include "evaluation/dmarc/psl.h"

#include <algorithm>

namespace mailassay::advice {
namespace {

using dmarc::Policy;
using evaluation::Result;
using trace::List;

boost::asio::awaitable<DmarcName> look(const std::string& domain, dns::Resolver& resolver) {
  const auto answer = co_await resolver.query("_dmarc." + domain, dns::Type::TXT);
  DmarcName found{domain, {}, {}, {}};
  if (!answer->aliases.empty()) found.alias = answer->aliases.back();
  for (const auto& one : answer->records) {
    auto text = one.text();
    auto upper = text;
    for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (dmarc::parse_record(text))
      found.records.push_back(std::move(text));
    else if (upper.find("DMARC") != std::string::npos)
      found.other = std::move(text);
  }
  co_return found;
}

trace::Value proposal_at(const std::string& domain, const Case& mail) {
  return record("_dmarc." + domain, "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@" + mail.organization);
}

Advice several(const DmarcName& name) {
  List texts;
  for (const auto& text : name.records) texts.emplace_back(text);
  return {"advice.dmarc_several_records",
          {{"name", "_dmarc." + name.domain}, {"texts", std::move(texts)}, {"rfc", "9989 4.10.1"}}};
}

bool is_policy(const dmarc::Tag& tag) {
  return tag.name == "p" || tag.name == "sp" || tag.name == "np";
}

// The record as it was meant: what is right stays, a bad policy for subdomains goes, a bad p is none.
std::string mended(const dmarc::Record& record, const std::string& report_domain) {
  std::string text = "v=DMARC1; p=" + std::string(to_string(record.p.value_or(Policy::none)));
  for (const auto& tag : record.tags) {
    const bool bad = (tag.name == "sp" && record.bad_sp) || (tag.name == "np" && record.bad_np);
    const bool unusable = tag.name == "rua" && record.rua.empty();
    if (tag.name == "v" || tag.name == "p" || bad || unusable) continue;
    text += "; " + tag.name + "=" + tag.value;
  }
  return record.rua.empty() ? text + "; rua=mailto:dmarc@" + report_domain : text;
}

std::string bad_policies(const dmarc::Record& record) {
  std::string faults;
  for (const auto& tag : record.tags)
    if (is_policy(tag) && ((tag.name == "p" && !record.p) || (tag.name == "sp" && record.bad_sp) ||
                           (tag.name == "np" && record.bad_np)))
      faults += (faults.empty() ? "" : ", ") + tag.name + "=" + tag.value;
  return faults;
}

// The tag that says "none" for this author domain.
const char* tag_of_none(const Case& mail) {
  if (mail.from == mail.dmarc.policy_domain || !mail.record || mail.record->p == Policy::none) return "p";
  return mail.record->sp == Policy::none ? "sp" : "np";
}

bool policy_of_a_suffix(const Case& mail) {
  const auto& domain = mail.dmarc.policy_domain;
  return !domain.empty() && dmarc::registrable_domain(domain).empty();
}

}  // namespace

std::string with_tag(const dmarc::Record& record, std::string_view name, std::string_view value) {
  std::string text;
  bool replaced = false;
  for (const auto& tag : record.tags) {
    const bool here = tag.name == name;
    replaced = replaced || here;
    text += (text.empty() ? "" : "; ") + tag.name + "=" + (here ? std::string(value) : tag.value);
  }
  return replaced ? text : text + "; " + std::string(name) + "=" + std::string(value);
}

boost::asio::awaitable<DmarcNames> dmarc_names(const Case& mail, dns::Resolver& resolver) {
  auto own = co_await look(mail.from, resolver);
  auto organization = mail.organization == mail.from ? own : co_await look(mail.organization, resolver);
  co_return DmarcNames{std::move(own), std::move(organization)};
}

std::optional<Advice> dmarc_blocker(const Case& mail, const DmarcNames& names) {
  if (names.own.records.size() > 1) return several(names.own);
  if (names.own.records.empty() && names.organization.records.size() > 1) return several(names.organization);
  if (mail.dmarc.result == Result::temperror)
    return Advice{"advice.dns_trouble",
                  {{"from_domain", mail.from}, {"cause", or_null(mail.dmarc.cause)}, {"rfc", "9989 5.3.6"}}};
  const bool split = mail.dmarc.result == Result::fail && mail.report.dmarc->rfc7489.result == Result::pass;
  if (split && names.organization.records.empty())
    return Advice{"advice.dmarc_organization",
                  {{"from_domain", mail.from},
                   {"organization", mail.organization},
                   {"records", List{proposal_at(mail.organization, mail)}},
                   {"rfc", "9989 4.10.2"}}};
  return std::nullopt;
}

std::optional<Advice> dmarc_advice(const Case& mail, const DmarcNames& names) {
  const auto& at = names.organization;
  if (mail.dmarc.cause == "no_record" || policy_of_a_suffix(mail))  // nobody publishes at a suffix
    return Advice{"advice.dmarc_record",
                  {{"from_domain", mail.from},
                   {"name", "_dmarc." + at.domain},
                   {"other", or_null(at.other)},
                   {"alias", or_null(at.alias)},
                   {"form", !at.alias.empty()   ? "alias"
                            : !at.other.empty() ? "near"
                                                : "first"},
                   {"records", List{proposal_at(at.domain, mail)}},
                   {"rfc", "9989 4.7"}}};
  if (mail.dmarc.cause == "record_invalid" && mail.record)
    return Advice{"advice.dmarc_record_invalid",
                  {{"domain", mail.dmarc.policy_domain},
                   {"record", *mail.dmarc.record},
                   {"faults", or_null(bad_policies(*mail.record))},
                   // In place of the broken one: that is found first.
                   {"records", List{record("_dmarc." + mail.dmarc.policy_domain, "TXT",
                                           mended(*mail.record, mail.organization))}},
                   {"rfc", "9989 4.10.1"}}};
  return std::nullopt;
}

std::vector<Advice> praise(const Case& mail) {
  std::vector<Advice> all;
  if (!mail.passes()) return all;
  const auto& older = mail.report.dmarc->rfc7489;
  if (older.result == Result::pass)
    all.push_back({"advice.all_green", {{"from_domain", mail.from}, {"spf_counts", mail.spf_counts}}});
  else
    all.push_back({"advice.older_receivers",
                   {{"from_domain", mail.from},
                    {"result", to_string(older.result)},
                    {"disposition", older.disposition},
                    {"rfc", "7489 3.2"}}});
  const bool none = mail.dmarc.policy == "none";
  if (none)
    all.push_back({"advice.policy_none",
                   {{"from_domain", mail.from},
                    {"policy_domain", mail.dmarc.policy_domain},
                    {"tag", tag_of_none(mail)},
                    {"rfc", "9989 5.1"}}});
  if (mail.record && mail.record->testing && !none)
    all.push_back(
        {"advice.policy_testing",
         {{"policy_domain", mail.dmarc.policy_domain}, {"policy", mail.dmarc.policy}, {"rfc", "9989 4.7"}}});
  if (none && mail.record && mail.record->rua.empty())
    all.push_back(
        {"advice.no_reports",
         {{"policy_domain", mail.dmarc.policy_domain},
          {"records", List{record("_dmarc." + mail.dmarc.policy_domain, "TXT",
                                  with_tag(*mail.record, "rua", "mailto:dmarc@" + mail.organization))}},
          {"rfc", "9989 4.7"}}});
  return all;
}

}  // namespace mailassay::advice
