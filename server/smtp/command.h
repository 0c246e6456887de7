// SMTP commands (RFC 5321 section 4.1.1, 3030, 3207, 4954) as a tolerant receiver reads them. Pure.
#pragma once

#include "smtp/path.h"
#include "smtp/reply.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailassay::smtp {

enum class Verb { helo, ehlo, mail, rcpt, data, bdat, rset, noop, vrfy, expn, help, quit, auth, starttls };

// What an ESMTP MAIL command may say (RFC 1870, 6152, 6531, 4954 section 5).
struct MailParameters {
  std::optional<std::uint64_t> size;
  std::string body;  // "7BIT", "8BITMIME" or empty
  bool smtputf8 = false;
  std::optional<std::string> auth;  // xtext as sent
};

struct Command {
  Verb verb = Verb::noop;
  std::string argument;  // HELO, EHLO, VRFY, EXPN, HELP, NOOP: the rest of the line, trimmed
  Path path;             // MAIL, RCPT
  MailParameters parameters;
  std::uint64_t chunk_octets = 0;  // BDAT
  bool last_chunk = false;
  std::string mechanism;  // AUTH: upper-case
  std::optional<std::string> initial_response;
};

// Reads a line without its line end. What cannot be read is answered by the reply, which names the fault and
// the fix: 500 unknown command, 501 syntax, 555 parameter.
std::variant<Command, Reply> parse_command(std::string_view line);

// The line as it may be shown: what follows AUTH's mechanism is a secret.
std::string without_secrets(std::string_view line);

// True for "GET / HTTP/1.1" and its like: a browser, or an attack through one.
bool looks_like_http(std::string_view line);

// Compares ASCII without case.
bool equals_without_case(std::string_view left, std::string_view right);

}  // namespace mailassay::smtp
