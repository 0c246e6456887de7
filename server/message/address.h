// The mailboxes of an address field (RFC 5322 section 3.4 with its obsolete forms, RFC 6532). Reads what
// senders write, hostile forms included, and says what was wrong. Pure.
#pragma once

#include "message/message.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::message {

struct Mailbox {
  std::string display_name;  // unquoted, encoded words decoded (RFC 2047); octets otherwise as they came
  std::string local_part;    // unquoted
  std::string domain;     // lower-case ASCII, without comments and trailing dot; "[192.0.2.1]" for a literal
  std::string addr_spec;  // local-part@domain, the local part quoted where it must be; no @ without a domain
};

struct Mailboxes {
  std::vector<Mailbox> mailboxes;
  // Stable codes, each once, in the order met: empty, no_domain, several_at, missing_comma, unclosed_angle,
  // unclosed_quote, unclosed_comment, unclosed_literal, unclosed_group, empty_address, junk_after_address,
  // source_route, group, domain_literal, control_character, address_in_display_name, encoded_address,
  // bad_domain, too_long.
  std::vector<std::string> faults;
};

// Addresses cost a hundred times their octets, and a field may fill a mail: what is beyond is not read, and
// the fault too_long says so.
inline constexpr std::size_t kAddressOctets = 65536;

// `value` is all after the colon, folded or not.
Mailboxes parse_mailboxes(std::string_view value);
// Those of all fields of that name, from the top, within the same bound together.
Mailboxes mailboxes_of(const Message& mail, std::string_view name);

}  // namespace mailassay::message
