#include "evaluation/dkim/hashes.h"

#include "evaluation/dkim/canonicalization.h"
#include "evaluation/dkim/digest.h"

#include <algorithm>
#include <limits>

namespace mailassay::dkim {

BodyHash hash_body(std::string_view body, Hash hash, Canonicalization canonicalization,
                   std::optional<std::uint64_t> length) {
  BodyHash result;
  Digest digest(hash);
  const std::uint64_t limit = length.value_or(std::numeric_limits<std::uint64_t>::max());
  canonical_body(body, canonicalization, [&](std::string_view piece) {
    const auto take = std::min<std::uint64_t>(piece.size(), limit - result.hashed);
    digest.update(piece.substr(0, take));
    result.hashed += take;
    result.octets += piece.size();
  });
  result.digest = digest.finish();
  return result;
}

const BodyHash& BodyHashes::of(const Signature& signature) {
  for (const Entry& entry : entries_)
    if (entry.hash == signature.hash && entry.canonicalization == signature.body_canonicalization &&
        entry.length == signature.length)
      return entry.result;
  entries_.push_back({signature.hash, signature.body_canonicalization, signature.length,
                      hash_body(body_, signature.hash, signature.body_canonicalization, signature.length)});
  return entries_.back().result;
}

HeaderInput header_input(const FieldIndex& index, const message::Field& own, const Signature& signature) {
  HeaderInput input;
  input.fields = index.select(signature.signed_headers, &own);
  input.octets.reserve(2048);
  for (const message::Field* field : input.fields)
    if (field != nullptr) append_canonical_field(input.octets, field->raw, signature.header_canonicalization);
  append_own_field(input.octets, own, signature);
  return input;
}

std::string hash_of(std::string_view octets, Hash hash) {
  Digest digest(hash);
  digest.update(octets);
  return digest.finish();
}

}  // namespace mailassay::dkim
