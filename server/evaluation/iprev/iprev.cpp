#include "evaluation/iprev/iprev.h"

#include <algorithm>

namespace mailassay::iprev {
namespace {

using evaluation::Result;
using trace::Fact;

std::string_view failure_cause(dns::Status status) {
  return status == dns::Status::timeout   ? "dns_timeout"
         : status == dns::Status::refused ? "dns_refused"
                                          : "dns_servfail";
}

// Emits "iprev.result"; the outcome is whole.
Outcome told(Outcome outcome, trace::Scope scope) {
  scope.step("iprev.result",
             {{"result", evaluation::to_string(outcome.result)},
              {"names", outcome.names},
              {"cause", outcome.cause.empty() ? trace::Value(nullptr) : trace::Value(outcome.cause)},
              {"rfc", "8601 3"}});
  return outcome;
}

// What a PTR answer without names means: no PTR data is permerror, an error is temperror (RFC 8601 section
// 3).
Outcome without_names(const dns::Answer& answer) {
  if (dns::is_failure(answer.status))
    return {Result::temperror, {}, std::string(failure_cause(answer.status))};
  return {Result::permerror, {}, "no_ptr"};
}

struct Forward {
  bool confirmed = false;
  dns::Status status = dns::Status::timeout;
};

boost::asio::awaitable<Forward> confirm(net::IpAddress ip, std::string name, dns::Resolver& resolver,
                                        trace::Scope scope) {
  const auto type = ip.is_v4() ? dns::Type::A : dns::Type::AAAA;
  const auto answer = co_await dns::ask(resolver, scope, name, type);
  Forward forward{false, answer->status};
  std::vector<std::string> addresses;
  addresses.reserve(answer->records.size());
  for (const auto& record : answer->records) {
    addresses.push_back(record.address().to_string());
    forward.confirmed = forward.confirmed || record.address() == ip;
  }
  scope.step("iprev.name", {{"name", std::move(name)},
                            {"addresses", addresses},
                            {"confirmed", forward.confirmed},
                            {"status", dns::to_string(answer->status)},
                            {"rfc", "8601 3"}});
  co_return forward;
}

}  // namespace

boost::asio::awaitable<Outcome> check(net::IpAddress ip, dns::Resolver& resolver, trace::Scope scope,
                                      const evaluation::Limits& limits) {
  const auto place = scope.step("iprev.check", {{"ip", ip.to_string()},
                                                {"reverse_name", ip.reverse_name()},
                                                {"special_address", ip.special_purpose()},
                                                {"rfc", "8601 3"}});
  const auto answer = co_await dns::ask(resolver, place, ip.reverse_name(), dns::Type::PTR);
  if (answer->records.empty()) co_return told(without_names(*answer), place);

  const auto limit = static_cast<std::size_t>(std::max(limits.iprev_names, 0));
  const auto count = std::min(answer->records.size(), limit);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(answer->records[i].name());
  const auto type = ip.is_v4() ? dns::Type::A : dns::Type::AAAA;
  for (const auto& name : names) resolver.prefetch(name, type);
  const auto below = place.step("iprev.names", {{"names", names},
                                                {"count", answer->records.size()},
                                                {"limit", limit},
                                                {"ignored", answer->records.size() - count},
                                                {"rfc", "8601 3"}});
  Outcome outcome{Result::fail, {}, "no_name_confirmed"};
  std::string_view failure;
  for (const auto& name : names) {
    const auto forward = co_await confirm(ip, name, resolver, below);
    if (forward.confirmed) outcome.names.push_back(name);
    if (dns::is_failure(forward.status) && failure.empty()) failure = failure_cause(forward.status);
  }
  // A name that could not be asked might have been the one that confirms.
  if (!outcome.names.empty())
    outcome = {Result::pass, std::move(outcome.names), ""};
  else if (!failure.empty())
    outcome = {Result::temperror, {}, std::string(failure)};
  co_return told(std::move(outcome), place);
}

}  // namespace mailassay::iprev
