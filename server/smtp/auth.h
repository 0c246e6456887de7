// AUTH PLAIN and LOGIN (RFC 4954, RFC 4616). Any name and password are right: this server receives test
// mails, and frameworks insist on logging in. Nothing of the secrets is kept.
#pragma once

#include "smtp/reply.h"

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::smtp {

class AuthExchange {
 public:
  // Starts with the AUTH command. Nothing if the mechanism is not known.
  static std::optional<AuthExchange> start(std::string_view mechanism);
  // The next reply: 334 asks for a line that goes to respond(); anything else ends the exchange.
  Reply begin(const std::optional<std::string>& initial_response);
  Reply respond(std::string_view line);

 private:
  enum class Wants { plain, login_name, login_password };
  explicit AuthExchange(Wants first) : wants_(first) {}
  Reply take(std::string_view base64);
  Wants wants_;
};

// Nothing if the text is not base64 (RFC 4648 section 4, padded).
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace mailassay::smtp
