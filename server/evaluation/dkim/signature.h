// A DKIM-Signature (RFC 6376 section 3.5), and its relatives ARC-Message-Signature and ARC-Seal (RFC 8617
// section 4.1), read from the field's value.
#pragma once

#include "evaluation/dkim/canonicalization.h"
#include "evaluation/dkim/tag_list.h"
#include "message/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::dkim {

enum class KeyType : std::uint8_t { unknown, rsa, ed25519 };
KeyType key_type_of(std::string_view word);
enum class Hash : std::uint8_t { unknown, sha1, sha256 };
std::string_view to_string(Hash hash);

enum class SignatureKind : std::uint8_t { dkim, arc_message, arc_seal };

// A header field as the signer copied it into z= (section 3.5).
struct CopiedField {
  std::string name;
  std::string value;
};

// Views lie in the field's value, which must outlive it. Domain names stand as written.
struct Signature {
  TagList tags;
  std::optional<Fault> fault;  // the first: what follows may then be incomplete

  std::string_view algorithm;  // a=
  KeyType key_type = KeyType::unknown;
  Hash hash = Hash::unknown;
  Canonicalization header_canonicalization = Canonicalization::simple;
  Canonicalization body_canonicalization = Canonicalization::simple;
  std::string_view domain;                       // d=
  std::string_view selector;                     // s=
  std::string identity;                          // i= decoded; empty if it does not stand
  std::vector<std::string_view> signed_headers;  // h=
  std::string signature;                         // b= decoded
  std::string body_hash;                         // bh= decoded
  std::optional<std::uint64_t> length;           // l=, octets of the canonical body
  std::optional<std::uint64_t> signed_at;        // t=, Unix seconds
  std::optional<std::uint64_t> expires_at;       // x=, Unix seconds
};

Signature parse_signature(std::string_view value, SignatureKind kind);

// The fields of z=, decoded; empty without z= or if it is malformed. Only asked for when something failed.
std::vector<CopiedField> copied_fields(const Signature& signature);

// Words between colons, white space around them dropped; none of an empty text.
std::vector<std::string_view> split_colons(std::string_view text);

// Appends the signature's own field, last in the header hash: the value of b= emptied and no CRLF
// (section 3.7).
void append_own_field(std::string& out, const message::Field& field, const Signature& signature);

}  // namespace mailassay::dkim
