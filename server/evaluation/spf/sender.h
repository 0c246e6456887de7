// Whom SPF checks (RFC 7208 sections 2.3, 2.4, 4.1 and 4.3).
#pragma once

#include "evaluation/spf/check_host.h"

#include <string>
#include <string_view>

namespace mailassay::spf {

// check_host()'s <sender>, taken apart.
struct Sender {
  std::string text;         // local-part@domain, U-labels as A-labels
  std::string local_part;   // "postmaster" where none was given
  std::string domain_part;  // as sent, U-labels as A-labels
  std::string domain;       // the same for look-ups: lower-case, without a trailing dot
  bool from_helo = false;   // by choice, or since the reverse-path is null
  std::string_view fault;   // why the domain cannot be checked (domain_fault), empty if it can

  // Labels are ASCII, so that a term with such a local part matches nothing (RFC 8616 section 4).
  bool local_part_is_ascii() const;
};
Sender sender_of(const Query& query);

// Why check_host() answers "none" for this name at once (RFC 7208 section 4.3): a stable code, or empty.
std::string_view domain_fault(std::string_view domain);

}  // namespace mailassay::spf
