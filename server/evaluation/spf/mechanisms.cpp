// The mechanisms that ask the DNS (RFC 7208 section 5).
#include "dns/name.h"
#include "evaluation/spf/checker.h"

#include <algorithm>

namespace mailassay::spf {
namespace {

using evaluation::Result;
using trace::Fact;

std::string network_text(const net::IpAddress& address, unsigned prefix) {
  auto text = address.to_string();
  if (prefix < address.octets().size() * 8) text += '/' + std::to_string(prefix);
  return text;
}

// In the order of preference, so that which host settles the mechanism does not hang on the DNS's rotation.
std::vector<std::string> hosts_of(const dns::Answer& answer) {
  std::vector<const dns::MailExchanger*> exchangers;
  for (const auto& record : answer.records)
    if (!record.mx().host.empty()) exchangers.push_back(&record.mx());
  std::stable_sort(exchangers.begin(), exchangers.end(),
                   [](const auto* a, const auto* b) { return a->preference < b->preference; });
  std::vector<std::string> hosts;
  hosts.reserve(exchangers.size());
  for (const auto* exchanger : exchangers) hosts.push_back(exchanger->host);
  return hosts;
}

void set_error(Match& match, Result error, std::string_view cause) {
  match.error = error;
  match.why = cause;
  match.cause = cause;
}

}  // namespace

boost::asio::awaitable<Match> Checker::match(const Mechanism& mechanism, std::string target,
                                             trace::Scope scope) {
  if (const auto* a = std::get_if<A>(&mechanism)) return match_a(a->cidr, std::move(target), scope);
  if (const auto* mx = std::get_if<Mx>(&mechanism)) return match_mx(mx->cidr, std::move(target), scope);
  if (std::holds_alternative<Include>(mechanism)) return match_include(std::move(target), scope);
  if (std::holds_alternative<Exists>(mechanism)) return match_exists(std::move(target), scope);
  return match_ptr(std::move(target), scope);
}

bool Checker::settle_failure(const dns::Answer& answer, trace::Scope scope, Match& match) {
  if (dns::is_failure(answer.status)) {
    set_error(match, Result::temperror, failure_cause(answer.status));
    return true;
  }
  if (count_void(answer.status)) return false;
  auto exceeded = too_many_voids(scope);
  set_error(match, exceeded.error, exceeded.why);
  return true;
}

bool Checker::compare(const dns::Answer& answer, const DualCidr& cidr, trace::Scope scope, Match& match) {
  if (settle_failure(answer, scope, match)) return true;
  const auto prefix = query_.ip.is_v4() ? cidr.v4 : cidr.v6;
  for (const auto& record : answer.records) {
    match.compared.emplace_back(network_text(record.address(), prefix));
    if (!query_.ip.in_network(record.address(), prefix)) continue;
    match.matched = true;
    return true;
  }
  return false;
}

boost::asio::awaitable<Match> Checker::match_a(const DualCidr& cidr, std::string target, trace::Scope scope) {
  Match match;
  const auto answer = co_await dns::ask(resolver_, scope, query_name(std::move(target)), address_type());
  const bool settled = compare(*answer, cidr, scope, match);
  if (match.matched)
    match.why = "address_found";
  else if (!settled)
    match.why = answer->status == dns::Status::bad_name ? "bad_name"
                : answer->records.empty()               ? "no_addresses"
                                                        : "address_not_found";
  co_return match;
}

boost::asio::awaitable<Match> Checker::match_mx(const DualCidr& cidr, std::string target,
                                                trace::Scope scope) {
  Match match;
  const auto answer = co_await dns::ask(resolver_, scope, query_name(std::move(target)), dns::Type::MX);
  if (settle_failure(*answer, scope, match)) co_return match;
  const auto hosts = hosts_of(*answer);
  if (static_cast<int>(hosts.size()) > limits_.spf_mx_hosts) {
    scope.step("spf.limit", facts(Fact("cause", "too_many_mx_hosts"), Fact("count", hosts.size()),
                                  Fact("limit", limits_.spf_mx_hosts), Fact("rfc", "7208 4.6.4")));
    set_error(match, Result::permerror, "too_many_mx_hosts");
    co_return match;
  }
  match.why = answer->status == dns::Status::bad_name ? "bad_name"
              : answer->records.empty()               ? "no_mx"
              : hosts.empty()                         ? "null_mx"
                                                      : "mx_address_not_found";
  for (const auto& host : hosts) resolver_.prefetch(host, address_type());
  for (const auto& host : hosts) {
    const auto addresses = co_await dns::ask(resolver_, scope, host, address_type());
    if (!compare(*addresses, cidr, scope, match)) continue;
    if (match.matched) match.why = "mx_address_found";
    break;
  }
  co_return match;
}

boost::asio::awaitable<Match> Checker::match_ptr(std::string target, trace::Scope scope) {
  Match match;
  const auto name = query_name(std::move(target));
  // Asked anew by each ptr: every void answer counts, as it does for a repeated a or mx.
  ReverseNames names(resolver_, query_.ip, limits_.spf_ptr_names);
  const auto status = co_await names.load(scope);
  if (!count_void(status)) co_return too_many_voids(scope);
  // A PTR error is no match (RFC 7208 section 5.5).
  match.why = dns::is_failure(status) ? "ptr_failed" : dns::is_void(status) ? "no_ptr" : "no_name_validated";
  const auto look = [&](const std::string& validated) {
    match.compared.emplace_back(validated);
    match.matched = dns::is_subdomain_or_equal(validated, name);
    match.why = match.matched ? "name_in_domain" : "name_outside_domain";
    return match.matched;
  };
  while (names.more()) {
    const auto checked = co_await names.check_next(scope);
    // An address error skips that name alone; a void answer counts.
    if (!count_void(checked.status)) co_return too_many_voids(scope);
    if (checked.validated && look(checked.name)) break;
  }
  co_return match;
}

boost::asio::awaitable<Match> Checker::match_exists(std::string target, trace::Scope scope) {
  Match match;
  // A records even for an IPv6 client (RFC 7208 section 5.7).
  const auto answer = co_await dns::ask(resolver_, scope, query_name(std::move(target)), dns::Type::A);
  if (settle_failure(*answer, scope, match)) co_return match;
  match.matched = !answer->records.empty();
  match.why = match.matched                             ? "address_exists"
              : answer->status == dns::Status::bad_name ? "bad_name"
                                                        : "no_address_exists";
  co_return match;
}

boost::asio::awaitable<Match> Checker::match_include(std::string target, trace::Scope scope) {
  Match match;
  auto verdict = co_await check(std::move(target), scope);
  switch (verdict.result) {
    case Result::pass:
      match.matched = true;
      match.why = "include_passed";
      break;
    case Result::temperror:
    case Result::permerror:
      set_error(match, verdict.result, verdict.cause);
      break;
    case Result::none:
      set_error(match, Result::permerror, "include_without_record");
      break;
    default:
      match.why = "include_not_passed";
  }
  co_return match;
}

}  // namespace mailassay::spf
