// The Authentication-Results field (RFC 8601): ours, and those that a mail brings along. Pure.
#pragma once

#include "evaluation/report.h"
#include "message/message.h"

#include <string>
#include <string_view>
#include <vector>

namespace mailassay::evaluation {

// The body of our field, folded with CRLF and a tab before each result; authserv-id is `receiver`. Whatever a
// mail or its session holds ends up inside one token, address or quoted-string: nothing can add a result.
std::string authentication_results(const Report& report, std::string_view receiver);

// A value as RFC 8601's pvalue: as it is where it is a token, a domain or an address, else quoted; control
// characters and invalid UTF-8 become "?".
std::string property_value(std::string_view text);

// The authserv-id of a field's value, without comments; empty if there is none.
std::string authserv_id(std::string_view field_value);

// The mail's Authentication-Results fields that claim to be ours, which section 5 wants removed.
std::vector<const message::Field*> forged_results(const message::Message& mail, std::string_view receiver);

}  // namespace mailassay::evaluation
