// Base64 as DKIM writes it: white space anywhere, padding often missing (RFC 6376 section 2.10).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::dkim {

// Nothing if another character stands in it, or if a lone sextet is left over.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view octets);

}  // namespace mailassay::dkim
