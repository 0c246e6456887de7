// Getting the public key of a signature (RFC 6376 section 6.1.2), and whether it may be used for it.
#pragma once

#include "dns/resolver.h"
#include "evaluation/dkim/key_set.h"
#include "evaluation/dkim/signer.h"
#include "evaluation/limits.h"
#include "evaluation/result.h"
#include "trace/step.h"

#include <memory>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace mailassay::dkim {

struct FoundKey {
  std::shared_ptr<const PublicKey> key;  // null beside a cause
  int bits = 0;
  bool testing = false;                                  // t=y
  evaluation::Result result = evaluation::Result::none;  // permerror or temperror beside a cause
  std::string_view cause;                                // empty: the key may be used
};

// Emits "dkim.key_query" (with the DNS answer below it) and "dkim.key". What it refers to must outlive the
// call.
boost::asio::awaitable<FoundKey> find_key(const Signature& signature, const Signer& signer,
                                          dns::Resolver& resolver, trace::Scope scope,
                                          const evaluation::Limits& limits);

}  // namespace mailassay::dkim
