// SPF (RFC 7208): may this client send for this domain?
#pragma once

#include "dns/resolver.h"
#include "evaluation/limits.h"
#include "evaluation/result.h"
#include "net/ip_address.h"
#include "trace/step.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace mailassay::spf {

enum class Identity { mailfrom, helo };  // RFC 7208 sections 2.3 and 2.4

struct Query {
  net::IpAddress ip;      // the client
  std::string helo;       // as sent; its domain is the HELO identity
  std::string mail_from;  // the reverse-path; empty is null: the MAIL FROM identity is then postmaster@HELO
  Identity identity = Identity::mailfrom;
  std::string receiver;                      // this host, for %{r}
  std::chrono::system_clock::time_point at;  // for %{t}
};

struct Outcome {
  evaluation::Result result = evaluation::Result::none;
  Identity identity = Identity::mailfrom;
  std::string domain;  // the domain that was checked (A-labels)
  std::string
      matched;  // the directive that decided, as written ("include:amazonses.com", "-all"), empty: none did
  int lookups = 0;  // terms counted against the 10
  int void_lookups = 0;
  std::optional<std::string> explanation;  // exp= expanded, with result fail alone
  std::string cause;  // stable code ("too_many_lookups", "record_invalid", "dns_timeout", …), empty if none
};

// One check. Started ahead of its turn, several take the time of the longest. `resolver` and `limits` must
// outlive it.
class Check {
 public:
  Check(const boost::asio::any_io_executor& executor, Query query, dns::Resolver& resolver,
        const evaluation::Limits& limits);
  ~Check();
  // Asks ahead what the check will need, by a resolver that caches.
  void start();
  // Once. See check_host.
  boost::asio::awaitable<Outcome> run(trace::Scope scope);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Emits its steps ("spf.…", phase spf) below scope. Never throws for what the record or the DNS says.
boost::asio::awaitable<Outcome> check_host(Query query, dns::Resolver& resolver, trace::Scope scope,
                                           const evaluation::Limits& limits);

}  // namespace mailassay::spf
