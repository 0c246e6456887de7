// check_host()'s recursion (RFC 7208 section 4): one Checker a check, its counters shared by every record.
#pragma once

#include "evaluation/spf/check_host.h"
#include "evaluation/spf/look_ahead.h"
#include "evaluation/spf/policy.h"
#include "evaluation/spf/reverse_names.h"
#include "evaluation/spf/sender.h"

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace mailassay::spf {

// What one record, or one directive, leads to.
struct Verdict {
  evaluation::Result result = evaluation::Result::none;
  std::string cause{};    // a stable code, empty if none
  std::string matched{};  // the directive as written
  PolicyPtr policy{};     // whose directive decided: its exp= explains a fail
  std::string domain{};   // where that policy is published
};

// How a directive compares with the client: `error` is temperror or permerror, or none.
struct Match {
  bool matched = false;
  std::string why{};  // a stable code
  evaluation::Result error = evaluation::Result::none;
  std::string cause;       // of the error
  std::string target{};    // the expanded name that was asked, empty without one
  trace::List compared{};  // what the client's address or names were compared with
};

class Checker {
 public:
  Checker(const Query& query, LookAhead& resolver, const evaluation::Limits& limits);

  const Sender& sender() const { return sender_; }
  int lookups() const { return lookups_; }
  int void_lookups() const { return void_lookups_; }
  void add_counters(trace::Facts& facts) const;

  // RFC 7208 sections 4.3 to 4.7 for one domain; called again for include and redirect.
  boost::asio::awaitable<Verdict> check(std::string domain, trace::Scope scope);

  // exp= of the policy that decided (RFC 7208 section 6.2); nothing if there is none, or it cannot be used.
  boost::asio::awaitable<std::optional<std::string>> explain(Verdict verdict, trace::Scope scope);

 private:
  boost::asio::awaitable<Verdict> evaluate(PolicyPtr policy, std::string domain, trace::Scope scope);
  boost::asio::awaitable<Verdict> redirect(const Modifier& modifier, const std::string& domain,
                                           trace::Scope scope);
  boost::asio::awaitable<Match> try_directive(const Directive& directive, const std::string& domain,
                                              trace::Scope scope);
  Match match_client(const Directive& directive, trace::Scope scope) const;

  // Mechanisms that ask the DNS, in mechanisms.cpp. `target` is expanded already.
  boost::asio::awaitable<Match> match(const Mechanism& mechanism, std::string target, trace::Scope scope);
  boost::asio::awaitable<Match> match_include(std::string target, trace::Scope scope);
  boost::asio::awaitable<Match> match_a(const DualCidr& cidr, std::string target, trace::Scope scope);
  boost::asio::awaitable<Match> match_mx(const DualCidr& cidr, std::string target, trace::Scope scope);
  boost::asio::awaitable<Match> match_ptr(std::string target, trace::Scope scope);
  boost::asio::awaitable<Match> match_exists(std::string target, trace::Scope scope);
  // Compares the client with the addresses of an answer; true if that settles the directive.
  bool compare(const dns::Answer& answer, const DualCidr& cidr, trace::Scope scope, Match& match);
  // Settles the directive if the answer is an error, or one void look-up too many.
  bool settle_failure(const dns::Answer& answer, trace::Scope scope, Match& match);

  // Counts a void answer; false if it was one too many (RFC 7208 section 4.6.4).
  bool count_void(dns::Status status);
  bool voids_exceeded() const;
  // Counts a term that asks the DNS; false if it was one too many.
  bool count_lookup();
  Match too_many_lookups(const std::string& term, trace::Scope scope) const;
  Match too_many_voids(trace::Scope scope) const;

  // A term's name for the DNS; tells a step where macros occur. Needs ask_validated_name() before %{p}.
  std::string expand_target(const MacroString* macro, const std::string& domain, trace::Scope scope) const;
  // True if the macro holds a local part that is not ASCII (RFC 8616 section 4).
  bool cannot_match(const MacroString* macro) const;
  // Finds out what %{p} stands for (RFC 7208 section 7.3).
  boost::asio::awaitable<void> ask_validated_name(const std::string& domain, trace::Scope scope);
  MacroValues values(const std::string& domain) const;

  dns::Type address_type() const { return query_.ip.is_v4() ? dns::Type::A : dns::Type::AAAA; }

  const Query& query_;
  LookAhead& resolver_;
  const evaluation::Limits& limits_;
  Sender sender_;
  std::string helo_;  // %{h}, U-labels as A-labels
  std::string ip_text_;
  std::string ip_dotted_;  // %{i}
  std::string timestamp_;
  std::string validated_;
  ReverseNames reverse_names_;  // for %{p}, asked once a check
  int lookups_ = 0;
  int void_lookups_ = 0;
  bool counting_ = true;  // false for exp=, which counts to no limit
};

// %{i}: a dotted quad, or an IPv6 address as dotted nibbles (RFC 7208 section 7.4).
std::string dotted(const net::IpAddress& ip);
// Resolver names write a backslash inside a label as two.
std::string query_name(std::string name);
// "dns_timeout", "dns_servfail" or "dns_refused".
std::string_view failure_cause(dns::Status status);
std::string_view mechanism_rfc(const Mechanism& mechanism);

template <typename... F>
trace::Facts facts(F... fact) {
  trace::Facts list;
  list.reserve(sizeof...(fact) + 4);
  (list.push_back(std::move(fact)), ...);
  return list;
}

}  // namespace mailassay::spf
