// An evaluation's connection as JSON in a message's row: {"ip","peer","helo","mail_from","rcpt_to","tls",
// "smtputf8"}, so that a mail can be judged again.
#pragma once

#include "evaluation/report.h"

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::intake {

// Invalid UTF-8 becomes U+FFFD.
std::string to_json(const evaluation::Connection& connection);
// Nothing if it is not what to_json wrote.
std::optional<evaluation::Connection> read_connection(std::string_view json);

}  // namespace mailassay::intake
