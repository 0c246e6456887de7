#include "evaluation/spf/checker.h"

#include "dns/idna.h"
#include "evaluation/spf/ascii.h"

#include <algorithm>

namespace mailassay::spf {
namespace {

using evaluation::Result;
using trace::Fact;

Verdict tell_no_record(const std::string& domain, std::string_view cause, const Policy* policy,
                       trace::Scope scope) {
  auto told = facts(Fact("domain", domain), Fact("cause", cause), Fact("rfc", "7208 4.5"));
  if (policy != nullptr && !policy->near_misses.empty())
    told.push_back(Fact("near_misses", policy->near_misses));
  scope.step("spf.no_record", std::move(told));
  return {Result::none, std::string(cause)};
}

// What the TXT answer means, if no record can be evaluated (RFC 7208 sections 4.4 to 4.6).
std::optional<Verdict> without_record(const dns::Answer& answer, const Policy& policy,
                                      const std::string& domain, trace::Scope scope) {
  if (dns::is_failure(answer.status)) {
    const auto cause = failure_cause(answer.status);
    scope.step("spf.lookup_failed",
               facts(Fact("domain", domain), Fact("cause", cause), Fact("rfc", "7208 4.4")));
    return Verdict{Result::temperror, std::string(cause)};
  }
  if (answer.status == dns::Status::bad_name) return tell_no_record(domain, "domain_invalid", nullptr, scope);
  if (answer.status == dns::Status::nxdomain) return tell_no_record(domain, "nxdomain", nullptr, scope);
  if (policy.texts.empty()) return tell_no_record(domain, "no_record", &policy, scope);
  if (policy.texts.size() > 1) {
    scope.step("spf.multiple_records", facts(Fact("domain", domain), Fact("count", policy.texts.size()),
                                             Fact("records", policy.texts), Fact("rfc", "7208 4.5")));
    return Verdict{Result::permerror, "multiple_records"};
  }
  if (policy.error) {
    const auto& error = *policy.error;
    scope.step("spf.syntax_error",
               facts(Fact("domain", domain), Fact("text", policy.texts.front()), Fact("term", error.term),
                     Fact("octet", error.octet), Fact("why", error.why), Fact("rfc", "7208 4.6")));
    return Verdict{Result::permerror, "record_invalid"};
  }
  return std::nullopt;
}

std::string ascii_helo(const std::string& helo) {
  const bool ascii = std::all_of(helo.begin(), helo.end(), is_ascii);
  return ascii ? helo : dns::to_a_labels(helo).value_or(helo);
}

}  // namespace

Checker::Checker(const Query& query, LookAhead& resolver, const evaluation::Limits& limits)
    : query_(query),
      resolver_(resolver),
      limits_(limits),
      sender_(sender_of(query)),
      helo_(ascii_helo(query.helo)),
      ip_text_(query.ip.to_string()),
      ip_dotted_(dotted(query.ip)),
      reverse_names_(resolver, query.ip, limits.spf_ptr_names) {}

boost::asio::awaitable<Verdict> Checker::check(std::string domain, trace::Scope scope) {
  if (const auto fault = domain_fault(domain); !fault.empty()) {
    scope.step("spf.not_a_domain",
               facts(Fact("domain", domain), Fact("why", fault), Fact("rfc", "7208 4.3")));
    co_return Verdict{Result::none, "domain_invalid"};
  }
  const auto answer = co_await dns::ask(resolver_, scope, query_name(domain), dns::Type::TXT);
  const auto policy = policy_of(*answer);
  if (auto verdict = without_record(*answer, *policy, domain, scope)) {
    if (lookups_ > 0) count_void(answer->status);
    co_return std::move(*verdict);
  }
  co_return co_await evaluate(policy, std::move(domain), scope);
}

boost::asio::awaitable<Verdict> Checker::evaluate(PolicyPtr policy, std::string domain, trace::Scope scope) {
  const auto& record = *policy->record;
  resolver_.read(record, domain);
  auto told = facts(Fact("domain", domain), Fact("text", record.text), Fact("terms", record.terms.size()),
                    Fact("rfc", "7208 4.6"));
  if (!policy->notes.empty())
    told.push_back(Fact("notes", trace::List(policy->notes.begin(), policy->notes.end())));
  const auto place = scope.step("spf.record", std::move(told));
  for (const auto& term : record.terms) {
    const auto* directive = std::get_if<Directive>(&term);
    if (directive == nullptr) continue;
    auto match = co_await try_directive(*directive, domain, place);
    if (match.error != Result::none) co_return Verdict{match.error, std::move(match.cause)};
    if (match.matched)
      co_return Verdict{directive->qualifier, {}, directive->text, std::move(policy), std::move(domain)};
  }
  if (record.redirect) co_return co_await redirect(*record.redirect, domain, place);
  place.step("spf.no_match",
             facts(Fact("domain", domain), Fact("result", "neutral"), Fact("rfc", "7208 4.7")));
  co_return Verdict{Result::neutral};
}

boost::asio::awaitable<Verdict> Checker::redirect(const Modifier& modifier, const std::string& domain,
                                                  trace::Scope scope) {
  const bool within = count_lookup();
  auto told = facts(Fact("term", modifier.text), Fact("rfc", "7208 6.1"));
  if (!modifier.value.has_macros()) told.push_back(Fact("target", modifier.value.text));
  add_counters(told);
  const auto place = scope.step("spf.redirect", std::move(told));
  if (!within) co_return Verdict{Result::permerror, too_many_lookups(modifier.text, place).cause};
  if (modifier.value.uses('p')) co_await ask_validated_name(domain, place);
  if (voids_exceeded()) co_return Verdict{Result::permerror, too_many_voids(place).cause};
  Verdict verdict;
  if (cannot_match(&modifier.value))
    verdict = tell_no_record(modifier.value.text, "local_part_not_ascii", nullptr, place);
  else
    verdict = co_await check(expand_target(&modifier.value, domain, place), place);
  if (verdict.result == Result::none) co_return Verdict{Result::permerror, "redirect_without_record"};
  co_return verdict;
}

boost::asio::awaitable<Match> Checker::try_directive(const Directive& directive, const std::string& domain,
                                                     trace::Scope scope) {
  if (!asks_dns(directive.mechanism)) co_return match_client(directive, scope);
  const auto* macro = domain_of(directive.mechanism);
  const bool within = count_lookup();
  auto told = facts(Fact("term", directive.text), Fact("mechanism", name_of(directive.mechanism)),
                    Fact("qualifier", evaluation::to_string(directive.qualifier)),
                    Fact("rfc", mechanism_rfc(directive.mechanism)));
  if (macro == nullptr || !macro->has_macros()) told.push_back(Fact("target", macro ? macro->text : domain));
  add_counters(told);
  const auto place = scope.step("spf.term", std::move(told));
  if (!within) co_return too_many_lookups(directive.text, place);
  if (macro != nullptr && macro->uses('p')) co_await ask_validated_name(domain, place);
  if (voids_exceeded()) co_return too_many_voids(place);
  Match match;
  if (cannot_match(macro)) {
    match.why = "local_part_not_ascii";
  } else {
    auto target = expand_target(macro, domain, place);
    match = co_await this->match(directive.mechanism, target, place);
    match.target = std::move(target);
  }
  auto outcome = facts(Fact("term", directive.text), Fact("matched", match.matched), Fact("why", match.why),
                       Fact("target", match.target));
  if (match.error != Result::none) outcome.push_back(Fact("result", evaluation::to_string(match.error)));
  if (!match.compared.empty()) outcome.push_back(Fact("compared", match.compared));
  add_counters(outcome);
  place.step("spf.match", std::move(outcome));
  co_return match;
}

Match Checker::match_client(const Directive& directive, trace::Scope scope) const {
  Match match;
  const auto in_network = [this, &match](const net::IpAddress& network, unsigned prefix, bool same_family) {
    match.matched = same_family && query_.ip.in_network(network, prefix);
    match.why = match.matched ? "ip_in_network" : same_family ? "ip_not_in_network" : "other_family";
  };
  if (const auto* four = std::get_if<Ip4>(&directive.mechanism)) {
    in_network(four->network, four->prefix, query_.ip.is_v4());
  } else if (const auto* six = std::get_if<Ip6>(&directive.mechanism)) {
    in_network(six->network, six->prefix, !query_.ip.is_v4());
  } else {
    match.matched = true;
    match.why = "all_matches";
  }
  scope.step("spf.term", facts(Fact("term", directive.text), Fact("mechanism", name_of(directive.mechanism)),
                               Fact("qualifier", evaluation::to_string(directive.qualifier)),
                               Fact("rfc", mechanism_rfc(directive.mechanism)), Fact("ip", ip_text_),
                               Fact("matched", match.matched), Fact("why", match.why)));
  return match;
}

}  // namespace mailassay::spf
