// What a signature hashed (RFC 6376 section 3.7): the body, and the chosen header fields with its own field.
#pragma once

#include "evaluation/dkim/field_index.h"
#include "evaluation/dkim/signature.h"
#include "message/message.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::dkim {

struct BodyHash {
  std::string digest;
  std::uint64_t octets = 0;  // of the whole canonical body
  std::uint64_t hashed = 0;  // of those, the ones in the hash (l=)
};

BodyHash hash_body(std::string_view body, Hash hash, Canonicalization canonicalization,
                   std::optional<std::uint64_t> length);

// Signatures often agree on how the body is hashed; then it is hashed once.
class BodyHashes {
 public:
  explicit BodyHashes(std::string_view body) : body_(body) {}
  const BodyHash& of(const Signature& signature);

 private:
  struct Entry {
    Hash hash;
    Canonicalization canonicalization;
    std::optional<std::uint64_t> length;
    BodyHash result;
  };
  std::string_view body_;
  std::deque<Entry> entries_;
};

struct HeaderInput {
  std::string octets;                         // canonical, the own field last
  std::vector<const message::Field*> fields;  // one an entry of h=; null where the mail has no such field
};

HeaderInput header_input(const FieldIndex& index, const message::Field& own, const Signature& signature);

std::string hash_of(std::string_view octets, Hash hash);

}  // namespace mailassay::dkim
