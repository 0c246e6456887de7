// One signature over a message, examined: its body hash, its key, its header hash. The same for a
// DKIM-Signature (RFC 6376 section 6.1) and an ARC-Message-Signature (RFC 8617 section 5.2).
#pragma once

#include "dns/resolver.h"
#include "evaluation/dkim/hashes.h"
#include "evaluation/dkim/key_lookup.h"
#include "evaluation/dkim/signer.h"
#include "evaluation/limits.h"
#include "evaluation/result.h"
#include "message/message.h"
#include "trace/step.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace mailassay::dkim {

// The mail, and what its signatures share.
struct Evidence {
  explicit Evidence(const message::Message& message)
      : mail(message), index(message.fields()), bodies(message.body()) {}
  const message::Message& mail;
  FieldIndex index;
  BodyHashes bodies;
};

// A signature in its field. The field must outlive it, and it is not moved: the fault's views lie in it.
struct Claim {
  Claim(const message::Field& own, SignatureKind kind);
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  const message::Field& field;
  Signature signature;
  Signer signer;
};

struct Finding {
  evaluation::Result result = evaluation::Result::none;
  std::string_view cause;
  int bits = 0;
  bool testing = false;
  std::size_t key_records = 0;
  bool body_matches = false;
  bool signature_matches = false;
  std::shared_ptr<const PublicKey> key;  // null if it could not be used
};

// The claim has no fault. Emits dkim.body_hash, dkim.key_query, dkim.key, dkim.header_hash and dkim.verify.
boost::asio::awaitable<Finding> examine(const Claim& claim, Evidence& evidence, dns::Resolver& resolver,
                                        trace::Scope scope, std::chrono::system_clock::time_point at,
                                        const evaluation::Limits& limits);

}  // namespace mailassay::dkim
