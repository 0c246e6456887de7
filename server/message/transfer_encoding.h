// Content transfer encodings (RFC 2045 section 6), read leniently. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mailassay::message {

// At most `limit` octets; octets outside the alphabet are skipped.
std::string decode_base64(std::string_view text, std::size_t limit);
// At most `limit` octets; a malformed `=` stays as written.
std::string decode_quoted_printable(std::string_view text, std::size_t limit);
// By the field's value, without case: base64, quoted-printable, anything else unchanged.
std::string decode_transfer(std::string_view encoding, std::string_view text, std::size_t limit);
// How many octets decode_transfer would give, for showing sizes; exact but for malformed text.
std::size_t decoded_size(std::string_view encoding, std::string_view text);

}  // namespace mailassay::message
