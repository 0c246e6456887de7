// Trace fields that servers write in their own ways (RFC 5321 section 4.4, RFC 7208 section 9.1). Pure.
#pragma once

#include "net/ip_address.h"

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::evaluation {

// "from HELO (RDNS [IP]) by HOST with …" and its relatives of Postfix, Exim, Sendmail, Gmail, Microsoft.
struct ReceivedField {
  std::string helo;       // what the client called itself
  std::string rdns;       // its name by reverse DNS, if written
  bool nameless = false;  // "unknown": reverse DNS gave no name, and the server says so
  std::optional<net::IpAddress> ip;
  std::string by;
  bool helo_stated = false;  // the form says which name is the HELO; else the first name is taken for it
};
ReceivedField parse_received(std::string_view value);

// key=value pairs of a Received-SPF or Authentication-Results field, quoted values unquoted.
std::string pair_value(std::string_view field_value, std::string_view key);

// The address in "… designates IP as permitted sender" or "sender IP is IP"; the mailbox in "domain of X
// designates".
std::optional<net::IpAddress> address_in_comment(std::string_view field_value);
std::string sender_in_comment(std::string_view field_value);

}  // namespace mailassay::evaluation
