// The key record in the DNS (RFC 6376 section 3.6.1, RFC 8463 section 4): v, k, h, s, t, n and p.
#pragma once

#include "evaluation/dkim/signature.h"
#include "evaluation/dkim/tag_list.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::dkim {

// Views lie in the record's text, which must outlive it.
struct KeyRecord {
  std::string_view key_type_text = "rsa";  // k=
  KeyType key_type = KeyType::rsa;
  std::vector<std::string_view> hashes;    // h=; empty: all
  std::vector<std::string_view> services;  // s=; empty: all
  std::vector<std::string_view> flags;     // t=
  std::string_view notes;                  // n=, for people
  std::string key;                         // p= decoded
  bool foreign = false;        // begins with another v=: not a key record at all (SPF, a wildcard)
  std::optional<Fault> fault;  // key_invalid or key_revoked

  bool allows(Hash hash) const;
  bool for_email() const;
  bool has_flag(std::string_view flag) const;
};

KeyRecord parse_key_record(std::string_view text);

}  // namespace mailassay::dkim
