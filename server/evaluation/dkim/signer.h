// The names a signature speaks of (RFC 6376 section 3.5, RFC 8616 section 4): who signs, which key, for whom.
#pragma once

#include "evaluation/dkim/signature.h"

#include <optional>
#include <string>

namespace mailassay::dkim {

struct Signer {
  std::string domain;           // d= in A-labels; empty if it is no domain name
  std::string selector;         // s= likewise
  std::string identity;         // i=, or "@" and d=
  std::string identity_domain;  // what follows its last @, in A-labels
  std::string query_name;       // selector._domainkey.domain
  std::optional<Fault> fault;   // domain_invalid, identity_mismatch, or the signature's own
};

// The fault's views lie in the signature.
Signer signer_of(const Signature& signature);

}  // namespace mailassay::dkim
