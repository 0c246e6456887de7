#include "evaluation/spf/check_host.h"

#include "evaluation/spf/checker.h"

#include <boost/asio/this_coro.hpp>

namespace mailassay::spf {
namespace {

using evaluation::Result;
using trace::Fact;

trace::Scope tell_check(const Query& query, const Sender& sender, trace::Scope scope) {
  auto told = facts(
      Fact("identity", query.identity == Identity::helo ? "helo" : "mailfrom"), Fact("domain", sender.domain),
      Fact("ip", query.ip.to_string()), Fact("helo", query.helo), Fact("sender", sender.text),
      Fact("null_reverse_path", query.identity == Identity::mailfrom && query.mail_from.empty()),
      Fact("rfc", query.identity == Identity::helo ? "7208 2.3" : "7208 2.4"));
  if (const auto special = query.ip.special_purpose(); !special.empty())
    told.push_back(Fact("special_address", special));
  return scope.step("spf.check", std::move(told));
}

// Both identities are usually checked, one after the other.
void prefetch_other_identity(Query query, dns::Resolver& resolver) {
  query.identity = query.identity == Identity::helo ? Identity::mailfrom : Identity::helo;
  auto other = sender_of(query);
  if (other.fault.empty()) resolver.prefetch(query_name(std::move(other.domain)), dns::Type::TXT);
}

trace::Value or_null(const std::string& text) {
  return text.empty() ? trace::Value(nullptr) : trace::Value(text);
}

void tell_result(const Outcome& outcome, const Checker& checker, trace::Scope scope) {
  auto told = facts(Fact("result", evaluation::to_string(outcome.result)), Fact("domain", outcome.domain),
                    Fact("matched", or_null(outcome.matched)), Fact("cause", or_null(outcome.cause)),
                    Fact("explanation", outcome.explanation ? trace::Value(*outcome.explanation) : nullptr));
  checker.add_counters(told);
  scope.step("spf.result", std::move(told));
}

}  // namespace

boost::asio::awaitable<Outcome> check_host(Query query, dns::Resolver& resolver, trace::Scope scope,
                                           const evaluation::Limits& limits) {
  const auto executor = co_await boost::asio::this_coro::executor;
  prefetch_other_identity(query, resolver);
  LookAhead ahead(executor, resolver, query.ip, limits.spf_lookups);
  Checker checker(query, ahead, limits);
  const auto& sender = checker.sender();
  Outcome outcome;
  outcome.identity = query.identity;
  outcome.domain = sender.domain;
  const auto place = tell_check(query, sender, scope);
  if (!sender.fault.empty()) {
    place.step("spf.not_a_domain",
               facts(Fact("domain", sender.domain), Fact("why", sender.fault), Fact("rfc", "7208 4.3")));
    outcome.cause = sender.from_helo ? "helo_not_a_domain" : "domain_invalid";
  } else {
    auto verdict = co_await checker.check(sender.domain, place);
    outcome.result = verdict.result;
    outcome.matched = verdict.matched;
    outcome.cause = verdict.cause;
    if (verdict.result == Result::fail)
      outcome.explanation = co_await checker.explain(std::move(verdict), place);
  }
  outcome.lookups = checker.lookups();
  outcome.void_lookups = checker.void_lookups();
  tell_result(outcome, checker, place);
  co_return outcome;
}

}  // namespace mailassay::spf
