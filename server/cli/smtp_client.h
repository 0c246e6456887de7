// The smallest SMTP client: sends one mail, for the demonstrations.
#pragma once

#include <cstdint>
#include <string>

namespace mailassay::cli {

struct OutgoingMail {
  std::string helo;
  std::string mail_from;
  std::string rcpt_to;
  std::string octets;  // CRLF line ends
};

// Throws std::runtime_error with the server's reply if it refuses.
void send_mail(const std::string& address, std::uint16_t port, const OutgoingMail& mail);

}  // namespace mailassay::cli
