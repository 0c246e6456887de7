// Internationalised domain names (RFC 5890 to 5894) by libidn2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::dns {

// A domain with U-labels as A-labels, lower-case, without a trailing dot. An ASCII domain is only
// lower-cased. Nothing if a label is not UTF-8 or not allowed by IDNA2008.
std::optional<std::string> to_a_labels(std::string_view domain);

// For people: A-labels as U-labels; what cannot be converted stays.
std::string to_u_labels(std::string_view domain);

}  // namespace mailassay::dns
