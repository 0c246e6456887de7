// An SMTP reply (RFC 5321 section 4.2) with its enhanced status code (RFC 3463).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailassay::smtp {

struct Reply {
  int code = 250;
  std::string status;              // "5.1.1"; empty where RFC 2034 wants none (greeting, EHLO, 3yz)
  std::vector<std::string> lines;  // at least one, without code and status

  bool positive() const { return code < 400; }
  // The octets to send, CRLF included; control characters and over-long lines in `lines` are made harmless.
  std::string to_wire() const;
  // The same, appended.
  void append_to(std::string& wire) const;
};

}  // namespace mailassay::smtp
