// DKIM (RFC 6376, 8301, 8463, 8616): which domains signed this mail, and is it still what they signed?
#pragma once

#include "dns/resolver.h"
#include "evaluation/limits.h"
#include "evaluation/result.h"
#include "message/message.h"
#include "trace/step.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace mailassay::dkim {

struct Outcome {
  evaluation::Result result = evaluation::Result::none;
  std::string domain;       // d= (A-labels); empty if the field has none
  std::string selector;     // s=
  std::string identity;     // i=, or "@" + d=
  std::string algorithm;    // a=
  int key_bits = 0;         // 0: no key was read
  std::string body_hash;    // "match", "mismatch", or empty if it was not computed
  std::string signature;    // the first 8 or more characters of b=, for header.b (RFC 6008)
  bool testing = false;     // t=y in the key record
  bool has_length = false;  // l=: text appended to the body would leave it valid
  std::string cause;        // stable code, empty if none
};

// One outcome a DKIM-Signature field, from the top; fields beyond limits.dkim_signatures are not verified (a
// step says so). Emits its steps ("dkim.…", phase dkim) below scope. Never throws for what the mail or the
// DNS says.
boost::asio::awaitable<std::vector<Outcome>> verify(const message::Message& mail, dns::Resolver& resolver,
                                                    trace::Scope scope,
                                                    std::chrono::system_clock::time_point at,
                                                    const evaluation::Limits& limits);

// The octets that signature number `index` (from 0) hashed, canonicalised: body, then the signed header
// fields.
struct Canonical {
  std::string body;
  std::string header;
};
// Nothing if there is no such signature or it cannot be parsed.
std::optional<Canonical> canonical(const message::Message& mail, std::size_t index);

}  // namespace mailassay::dkim
