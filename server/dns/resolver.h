// Asks the DNS. A name is its labels joined by dots, octets as they are, without case and without a trailing
// dot; `\.` and `\\` stand for a dot or a backslash inside a label. Callers convert U-labels first (idna.h).
#pragma once

#include "dns/answer.h"
#include "trace/step.h"

#include <string>

#include <boost/asio/awaitable.hpp>

namespace mailassay::dns {

class Resolver {
 public:
  virtual ~Resolver() = default;

  // Never throws for what the DNS says; CNAMEs are followed.
  virtual boost::asio::awaitable<AnswerPtr> query(std::string name, Type type) = 0;

  // Starts a question whose answer will be wanted soon, so that independent answers travel side by side;
  // the later query() waits for the one under way. A resolver without a cache does nothing.
  virtual void prefetch(std::string /*name*/, Type /*type*/) {}
};

// Asks, and tells it as a step "dns.answer" below `scope`: name, type, status, records, ttl, ad, server,
// milliseconds, cached, aliases.
boost::asio::awaitable<AnswerPtr> ask(Resolver& resolver, trace::Scope scope, std::string name, Type type);

}  // namespace mailassay::dns
