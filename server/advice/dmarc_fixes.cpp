#include "advice/fixes.h"
#include "dns/name.h"
#include "evaluation/dmarc/psl.h"
#include "evaluation/dmarc/tree.h"
#include "evaluation/limits.h"

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
    if (dmarc::parse_record(text))
      found.records.push_back(std::move(text));
    else if (dmarc::mentions_dmarc(text))
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

// The names of tags have no case.
bool is_tag(const dmarc::Tag& tag, std::string_view name) {
  return dns::lower(tag.name) == name;
}

bool is_bad_policy(const dmarc::Record& record, const dmarc::Tag& tag) {
  return (is_tag(tag, "p") && !record.p) || (is_tag(tag, "sp") && record.bad_sp) ||
         (is_tag(tag, "np") && record.bad_np);
}

// The record as it was meant: what is right stays, a bad policy for subdomains goes, a bad p is none.
std::string mended(const dmarc::Record& record, const std::string& report_domain) {
  std::string text = "v=DMARC1; p=" + std::string(to_string(record.p.value_or(Policy::none)));
  for (const auto& tag : record.tags) {
    const bool unusable = is_tag(tag, "rua") && record.rua.empty();
    if (is_tag(tag, "v") || is_tag(tag, "p") || is_bad_policy(record, tag) || unusable) continue;
    text += "; " + tag.name + "=" + tag.value;
  }
  return record.rua.empty() ? text + "; rua=mailto:dmarc@" + report_domain : text;
}

std::string bad_policies(const dmarc::Record& record) {
  std::string faults;
  for (const auto& tag : record.tags)
    if (is_bad_policy(record, tag)) faults += (faults.empty() ? "" : ", ") + tag.name + "=" + tag.value;
  return faults;
}

// The tag that says "none" for this author domain.
const char* tag_of_none(const Case& mail) {
  const auto& record = mail.record;
  if (mail.from == mail.dmarc.policy_domain || !record || !record->p || record->p == Policy::none) return "p";
  return record->sp == Policy::none || record->bad_sp || record->bad_np ? "sp" : "np";
}

// Nobody publishes at a suffix, unless it is the author's own.
bool policy_of_a_suffix(const Case& mail) {
  const auto& domain = mail.dmarc.policy_domain;
  return !domain.empty() && domain != mail.from && domain != mail.organization &&
         dmarc::registrable_domain(domain).empty();
}

std::string alias_at(const std::string& domain, const DmarcNames& names) {
  for (const auto& name : names)
    if (name.domain == domain) return name.alias;
  return {};
}

}  // namespace

std::string with_tag(const dmarc::Record& record, std::string_view name, std::string_view value) {
  std::string text;
  bool replaced = false;
  for (const auto& tag : record.tags) {
    const bool here = is_tag(tag, name);
    replaced = replaced || here;
    text += (text.empty() ? "" : "; ") + tag.name + "=" + (here ? std::string(value) : tag.value);
  }
  return replaced ? text : text + "; " + std::string(name) + "=" + std::string(value);
}

boost::asio::awaitable<DmarcNames> dmarc_names(const Case& mail, dns::Resolver& resolver) {
  DmarcNames names;
  for (const auto& name : dmarc::walk_targets(mail.from, evaluation::Limits{}.dmarc_tree_walk_queries))
    if (name != mail.organization && dns::is_subdomain_or_equal(name, mail.organization))
      names.push_back(co_await look(name, resolver));
  names.push_back(co_await look(mail.organization, resolver));
  co_return names;
}

std::optional<Advice> dmarc_blocker(const Case& mail, const DmarcNames& names) {
  const auto first = std::ranges::find_if(names, [](const DmarcName& name) { return !name.records.empty(); });
  if (first != names.end() && first->records.size() > 1) return several(*first);
  if (mail.dmarc.result == Result::temperror && mail.dmarc.cause != "spf_not_judged")
    return Advice{"advice.dns_trouble",
                  {{"from_domain", mail.from}, {"cause", or_null(mail.dmarc.cause)}, {"rfc", "9989 5.3.6"}}};
  const bool split = mail.dmarc.result == Result::fail && mail.report.dmarc->rfc7489.result == Result::pass &&
                     mail.record && mail.record->psd != dmarc::Psd::n;
  if (split && names.back().records.empty())
    return Advice{"advice.dmarc_organization",
                  {{"from_domain", mail.from},
                   {"organization", mail.organization},
                   {"records", List{proposal_at(mail.organization, mail)}},
                   {"rfc", "9989 4.10.2"}}};
  return std::nullopt;
}

std::optional<Advice> dmarc_advice(const Case& mail, const DmarcNames& names) {
  const auto& at = names.back();
  if (mail.dmarc.cause == "no_record" || policy_of_a_suffix(mail))
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
                   {"alias", or_null(alias_at(mail.dmarc.policy_domain, names))},
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
  for (auto& one : better_signature_advice(mail)) all.push_back(std::move(one));
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
