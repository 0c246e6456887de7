// Master-file text cut into entries (RFC 1035 section 5.1): comments gone, parentheses joined, quotes marked.
#pragma once

#include "dns/zone.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailassay::dns {

// A fault of a line that the caller numbers.
inline ZoneError fault(std::string message) {
  return {0, std::move(message)};
}

struct Token {
  std::string_view text;  // without quotes, escapes still in it
  bool quoted = false;
};

struct Entry {
  std::size_t line = 0;      // where it begins
  bool blank_owner = false;  // began with white space: the owner is that of the previous record
  std::vector<Token> tokens;
};

// The entries that hold anything; the views live as long as `text`.
boost::system::result<std::vector<Entry>, ZoneError> read_entries(std::string_view text);

// The octets a token stands for: `\DDD` and `\X` resolved. Nothing for a bad escape.
std::optional<std::string> unescape(std::string_view text);

}  // namespace mailassay::dns
