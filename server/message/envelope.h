// What the SMTP session said about a mail (RFC 5321 section 2.3.1), beside its content.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace mailassay::message {

struct Tls {
  std::string version;  // "TLSv1.3"
  std::string cipher;   // "TLS_AES_256_GCM_SHA384"
};

struct Envelope {
  std::string helo;       // the argument of EHLO or HELO, as sent
  std::string mail_from;  // the reverse-path without angle brackets; empty is the null reverse-path
  std::vector<std::string> rcpt_to;  // the forward-paths that were accepted, as sent
  std::optional<Tls> tls;
  bool smtputf8 = false;
};

// The domain of a mailbox: what follows its last @, lower-case, without a trailing dot; empty if there is
// none.
std::string domain_of(std::string_view mailbox);

}  // namespace mailassay::message
