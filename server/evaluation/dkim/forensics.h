// Why a signature does not verify: likely changes are undone one by one until the hash is the signed one.
// Only after a failure, and bounded.
#pragma once

#include "evaluation/dkim/examination.h"
#include "trace/step.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mailassay::dkim {

// How much may be tried for one signature.
struct Budget {
  int attempts = 1500;
  std::uint64_t octets = 16U << 20;
  int used = 0;
  // One more attempt that hashes so many octets; false if that is too much.
  bool take(std::size_t size);
};

// A change that, undone, restores the hash.
struct Explanation {
  std::string_view what;  // code: lines_inserted, subject_prefix, …
  std::string field{};    // the header field, empty for the body
  std::string before{};   // as it was signed, where that is known and short
  std::string after{};    // as it is now
  std::size_t line = 0;   // of the body, from 1; 0: no one line
  std::size_t lines = 0;  // how many
};

// Undoes what mailing lists, relays and gateways do to a body.
std::optional<Explanation> explain_body(const message::Message& mail, const Signature& signature,
                                        Budget& budget);

// Whether these octets are what was signed.
class SignedDigest {
 public:
  explicit SignedDigest(const Claim& claim, const PublicKey& key);
  bool fits(std::string_view octets) const;
  // RSA tells the digest that was signed: false then means that another key made the signature. Nothing for
  // Ed25519.
  std::optional<bool> made_by_this_key() const;

 private:
  const Signature& signature_;
  const PublicKey& key_;
  std::optional<std::string> digest_;  // recovered from an RSA signature
};

// Undoes what happens to header fields, and what signers get wrong.
std::optional<Explanation> explain_header(const Claim& claim, const Evidence& evidence,
                                          const SignedDigest& digest, Budget& budget);

// For a finding whose result is fail. Emits one "dkim.forensics".
void investigate(trace::Scope scope, const Claim& claim, const Evidence& evidence, const Finding& finding);

}  // namespace mailassay::dkim
