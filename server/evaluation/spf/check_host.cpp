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

struct Check::Parts {
  Parts(const boost::asio::any_io_executor& executor, Query asked, dns::Resolver& resolver,
        const evaluation::Limits& limits)
      : query(std::move(asked)),
        ahead(executor, resolver, query.ip, limits.spf_lookups),
        checker(query, ahead, limits) {}

  Query query;
  LookAhead ahead;
  Checker checker;
};

Check::Check(const boost::asio::any_io_executor& executor, Query query, dns::Resolver& resolver,
             const evaluation::Limits& limits)
    : parts_(std::make_unique<Parts>(executor, std::move(query), resolver, limits)) {}

Check::~Check() = default;

void Check::start() {
  const auto& sender = parts_->checker.sender();
  if (sender.fault.empty()) parts_->ahead.begin(sender.domain);
}

boost::asio::awaitable<Outcome> Check::run(trace::Scope scope) {
  auto& [query, ahead, checker] = *parts_;
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

boost::asio::awaitable<Outcome> check_host(Query query, dns::Resolver& resolver, trace::Scope scope,
                                           const evaluation::Limits& limits) {
  Check check(co_await boost::asio::this_coro::executor, std::move(query), resolver, limits);
  co_return co_await check.run(scope);
}

}  // namespace mailassay::spf
