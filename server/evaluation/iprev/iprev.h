// iprev (RFC 8601 section 3): does the client's name lead back to its address?
#pragma once

#include "dns/resolver.h"
#include "evaluation/limits.h"
#include "evaluation/result.h"
#include "net/ip_address.h"
#include "trace/step.h"

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace mailassay::iprev {

struct Outcome {
  evaluation::Result result = evaluation::Result::none;  // pass, fail, temperror, permerror
  std::vector<std::string> names;                        // forward-confirmed ones
  std::string cause;
};

boost::asio::awaitable<Outcome> check(net::IpAddress ip, dns::Resolver& resolver, trace::Scope scope,
                                      const evaluation::Limits& limits);

}  // namespace mailassay::iprev
