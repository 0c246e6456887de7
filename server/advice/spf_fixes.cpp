#include "advice/fixes.h"
#include "dns/name.h"
#include "dns/zone.h"
#include "evaluation/spf/check_host.h"
#include "evaluation/spf/policy.h"

#include <algorithm>

namespace mailassay::advice {
namespace {

using evaluation::Result;
using trace::List;
using trace::Value;

std::string address_term(const Case& mail) {
  const auto& ip = *mail.report.connection.ip;
  return (ip.is_v4() ? "ip4:" : "ip6:") + ip.to_string();
}

// For a sending service its own include is the lasting form.
std::string source_term(const Case& mail) {
  const bool service = mail.provider && !mail.provider->spf.empty();
  return service ? "include:" + std::string(mail.provider->spf) : address_term(mail);
}

bool same_word(std::string_view a, std::string_view b) {
  return dns::lower(a) == dns::lower(b);
}

bool is_all(std::string_view term) {
  if (!term.empty() && std::string_view("+-~?").find(term.front()) != std::string_view::npos)
    term.remove_prefix(1);
  return same_word(term, "all");
}

// Where the first word that `wanted` likes begins; npos without one.
template <typename Wanted>
std::size_t find_word(std::string_view record, Wanted wanted) {
  for (std::size_t start = 0; start < record.size();) {
    const auto end = std::min(record.find(' ', start), record.size());
    if (wanted(record.substr(start, end - start))) return start;
    start = end + 1;
  }
  return std::string_view::npos;
}

struct Published {
  std::vector<std::string> records;
  std::string other;  // looks meant as SPF, yet is none
  std::string alias;  // the target of a CNAME there, which no other record may stand beside
};

// Asked before, so the answer is at hand.
boost::asio::awaitable<Published> published_spf(const std::string& domain, dns::Resolver& resolver) {
  const auto answer = co_await resolver.query(domain, dns::Type::TXT);
  const auto policy = spf::policy_of(*answer);
  co_return Published{policy->texts,
                      policy->near_misses.empty() ? std::string() : policy->near_misses.front(),
                      answer->aliases.empty() ? std::string() : answer->aliases.back()};
}

// The check of this mail, with that record in place of the domain's own.
boost::asio::awaitable<spf::Outcome> judged_with(const Case& mail, const std::string& text,
                                                 dns::Resolver& live) {
  const auto zone = dns::Zone::parse(dns::zone_line(mail.report.spf->domain, "TXT", text));
  if (!zone) co_return spf::Outcome{};
  const auto resolver = dns::make_overlay_resolver(*zone, live);
  const auto& envelope = mail.report.connection.envelope;
  trace::Recorder unheard;
  co_return co_await spf::check_host({*mail.report.connection.ip,
                                      envelope.helo,
                                      envelope.mail_from,
                                      spf::Identity::mailfrom,
                                      {},
                                      std::chrono::system_clock::now()},
                                     *resolver, {&unheard, trace::Phase::spf}, evaluation::Limits{});
}

Advice return_path_advice(const Case& mail) {
  const bool strict = mail.record && mail.record->strict_spf;
  return {"advice.own_return_path",
          {{"domain", or_null(mail.report.spf->domain)},
           {"result", to_string(mail.report.spf->result)},
           {"from_domain", mail.from},
           {"provider", provider_name(mail)},
           {"name", strict ? mail.from : "bounce." + mail.from},
           {"strict", strict},
           {"passes", mail.passes()},
           {"rfc", "9989 4.4.2"}}};
}

// A record for a domain that has none.
boost::asio::awaitable<Advice> first_record_advice(const Case& mail, const Published& published,
                                                   dns::Resolver& resolver) {
  const auto& domain = mail.report.spf->domain;
  trace::Facts facts{{"domain", domain},
                     {"ip", mail.report.connection.ip->to_string()},
                     {"other", or_null(published.other)},
                     {"alias", or_null(published.alias)},
                     {"rfc", "7208 3"}};
  auto proposal = "v=spf1 " + source_term(mail) + " ~all";
  const auto judged = co_await judged_with(mail, proposal, resolver);
  if (judged.result != Result::pass) proposal = "v=spf1 " + address_term(mail) + " ~all";
  if (published.alias.empty()) facts.push_back({"records", List{record(domain, "TXT", proposal)}});
  co_return Advice{"advice.spf_record", std::move(facts)};
}

// One term more for a record that does not list this client.
boost::asio::awaitable<Advice> source_advice(const Case& mail, const Published& published,
                                             dns::Resolver& resolver) {
  const auto& spf = *mail.report.spf;
  const auto& old = published.records.front();
  auto term = source_term(mail);
  const auto place = [&](const std::string& wanted) {
    return find_word(old, [&](std::string_view word) { return same_word(word, wanted); });
  };
  // A term behind the one that decided was not reached.
  const bool asked = place(term) < (spf.matched.empty() ? std::string::npos : place(spf.matched));
  auto proposal = with_term(old, term, spf.matched);
  auto judged = asked ? spf::Outcome{} : co_await judged_with(mail, proposal, resolver);
  const bool full = judged.cause == "too_many_lookups";
  if (!asked && !full && judged.result != Result::pass && term != address_term(mail)) {
    term = address_term(mail);
    proposal = with_term(old, term, spf.matched);
    judged = co_await judged_with(mail, proposal, resolver);
  }
  trace::Facts facts{{"domain", spf.domain},
                     {"ip", mail.report.connection.ip->to_string()},
                     {"result", to_string(spf.result)},
                     {"term", term},
                     {"passes", mail.passes()},
                     {"alias", or_null(published.alias)},
                     {"lookups", spf.lookups},
                     {"rfc", full ? "7208 4.6.4" : "7208 5"}};
  if (asked) co_return Advice{"advice.spf_elsewhere", std::move(facts)};
  if (full) co_return Advice{"advice.spf_full", std::move(facts)};
  if (judged.result == Result::pass && published.alias.empty())
    facts.push_back({"records", List{record(spf.domain, "TXT", proposal)}});
  co_return Advice{"advice.spf_source", std::move(facts)};
}

}  // namespace

std::string with_term(const std::string& record, const std::string& term, std::string_view decided) {
  auto at = decided.empty() ? std::string::npos
                            : find_word(record, [&](std::string_view word) { return word == decided; });
  if (at == std::string::npos)
    at = find_word(record,
                   [](std::string_view word) { return is_all(word) || word.starts_with("redirect="); });
  if (at == std::string::npos) return record + ' ' + term;
  return record.substr(0, at) + term + ' ' + record.substr(at);
}

boost::asio::awaitable<std::optional<Advice>> spf_advice(const Case& mail, dns::Resolver& resolver) {
  if (!mail.report.spf) co_return std::nullopt;
  const auto& spf = *mail.report.spf;
  if (mail.spf.aligned && spf.result == Result::pass && is_all(spf.matched))
    co_return Advice{"advice.spf_everyone",
                     {{"domain", spf.domain}, {"term", spf.matched}, {"rfc", "7208 5.1"}}};
  if (mail.spf_counts) co_return std::nullopt;
  if (mail.report.connection.envelope.mail_from.empty()) {  // a bounce has no Return-Path to change
    if (mail.dkim_counts) co_return std::nullopt;
    co_return Advice{
        "advice.bounce_helo",
        {{"helo", mail.report.connection.envelope.helo}, {"from_domain", mail.from}, {"rfc", "7208 2.4"}}};
  }
  if (!mail.spf.aligned) co_return return_path_advice(mail);
  if (spf.result != Result::permerror && (mail.local || spf.result == Result::temperror))
    co_return std::nullopt;
  const auto published = co_await published_spf(spf.domain, resolver);
  if (spf.result == Result::permerror) {
    List texts;
    for (const auto& text : published.records) texts.emplace_back(text);
    co_return Advice{
        "advice.spf_broken",
        {{"domain", spf.domain},
         {"cause", or_null(spf.cause)},
         {"record", published.records.empty() ? Value(nullptr) : Value(published.records.front())},
         {"texts", std::move(texts)},
         {"rfc", "7208 2.6.7"}}};
  }
  if (published.records.empty()) co_return co_await first_record_advice(mail, published, resolver);
  co_return co_await source_advice(mail, published, resolver);
}

}  // namespace mailassay::advice
