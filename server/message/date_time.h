// The date-time of Date and Received fields (RFC 5322 section 3.3 and its obsolete forms). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace mailassay::message {

// Folded or not, with comments; seconds may be missing, years have two to four digits, zones may be names.
// Nothing for what is no date, for a year outside 1900 to 2261, and for a time without a zone: it names no
// moment.
std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text);

}  // namespace mailassay::message
