// Encoded words in header text (RFC 2047). Pure.
#pragma once

#include <string>
#include <string_view>

namespace mailassay::message {

// The text as UTF-8: folds undone, encoded words decoded, white space between two of them dropped, a
// character split across two of them put together. A word that cannot be decoded (charset, encoding, syntax)
// stays as written.
std::string decode_encoded_words(std::string_view value);

// Folded header text on one line (RFC 5322 section 2.2.3), without white space at its ends.
std::string unfold(std::string_view value);

}  // namespace mailassay::message
