// Text in any charset that iconv knows, as UTF-8. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mailassay::message {

// Strictly: nothing for an unknown charset or octets that are not of it.
std::optional<std::string> to_utf8(std::string_view charset, std::string_view octets);

// For reading: what does not convert becomes U+FFFD, an unknown charset is read as UTF-8; cut at a character
// once `limit` octets are written. Always valid UTF-8.
std::string to_readable_utf8(std::string_view charset, std::string_view octets, std::size_t limit);

}  // namespace mailassay::message
