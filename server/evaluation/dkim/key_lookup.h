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
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace mailassay::dkim {

// A key that may be used for the signature.
struct UsableKey {
  std::shared_ptr<const PublicKey> key;
  int bits = 0;
  bool testing = false;  // t=y
};

struct FoundKey {
  std::vector<UsableKey> keys;  // in the order of the answer, at most four; empty beside a cause
  std::size_t records = 0;      // how many key records stand at the name
  int bits = 0;                 // of the record that the cause is about, as is testing
  bool testing = false;
  evaluation::Result result = evaluation::Result::none;  // permerror or temperror beside a cause
  std::string_view cause;                                // empty: the key may be used
};

// Emits "dkim.key_query" (with the DNS answer below it) and a "dkim.key" each key that may be used, or one
// that says why none may. What it refers to must outlive the call.
boost::asio::awaitable<FoundKey> find_key(const Signature& signature, const Signer& signer,
                                          dns::Resolver& resolver, trace::Scope scope,
                                          const evaluation::Limits& limits);

struct Verified {
  const UsableKey* key;  // the one that fits, else the first
  bool ok;
};
// Tries each of the keys, of which there is one at least, on the digest that was computed.
Verified verify_with(const FoundKey& found, const Signature& signature, std::string_view digest);

}  // namespace mailassay::dkim
