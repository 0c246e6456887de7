// ARC (RFC 8617): information about who handled the mail before, never a verdict.
#pragma once

#include "dns/resolver.h"
#include "evaluation/limits.h"
#include "evaluation/result.h"
#include "message/message.h"
#include "trace/step.h"

#include <chrono>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace mailassay::arc {

struct Outcome {
  evaluation::Result result = evaluation::Result::none;  // none, pass, fail
  int instances = 0;
  std::string cause;
};

boost::asio::awaitable<Outcome> validate(const message::Message& mail, dns::Resolver& resolver,
                                         trace::Scope scope, std::chrono::system_clock::time_point at,
                                         const evaluation::Limits& limits);

}  // namespace mailassay::arc
