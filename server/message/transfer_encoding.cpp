#include "message/transfer_encoding.h"

#include <algorithm>
#include <cstdint>

namespace mailassay::message {
namespace {

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool is(std::string_view word, std::string_view lower) {
  return word.size() == lower.size() && std::equal(word.begin(), word.end(), lower.begin(),
                                                   [](char a, char b) { return (a | 0x20) == (b | 0x20); });
}

// The length of a soft line break at the start of text ("=", blanks, line end), or 0.
std::size_t soft_break(std::string_view text) {
  std::size_t at = 1;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) ++at;
  if (at == text.size()) return at;
  return text[at] == '\n' ? at + 1 : 0;
}

}  // namespace

std::string decode_base64(std::string_view text, std::size_t limit) {
  std::string octets;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) continue;
    bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    if (octets.size() == limit) break;
    count -= 8;
    octets += static_cast<char>(bits >> count & 0xff);
  }
  return octets;
}

std::string decode_quoted_printable(std::string_view text, std::size_t limit) {
  std::string octets;
  for (std::size_t at = 0; at < text.size() && octets.size() < limit; ++at) {
    if (text[at] != '=') {
      octets += text[at];
      continue;
    }
    if (const std::size_t length = soft_break(text.substr(at)); length > 0) {
      at += length - 1;
    } else if (at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 && hex_digit(text[at + 2]) >= 0) {
      octets += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
      at += 2;
    } else {
      octets += '=';
    }
  }
  return octets;
}

std::string decode_transfer(std::string_view encoding, std::string_view text, std::size_t limit) {
  if (is(encoding, "base64")) return decode_base64(text, limit);
  if (is(encoding, "quoted-printable")) return decode_quoted_printable(text, limit);
  return std::string(text.substr(0, limit));
}

std::size_t decoded_size(std::string_view encoding, std::string_view text) {
  if (is(encoding, "base64")) {
    const auto digits = std::count_if(text.begin(), text.end(), [](char c) { return base64_digit(c) >= 0; });
    return static_cast<std::size_t>(digits) * 3 / 4;
  }
  if (is(encoding, "quoted-printable")) return decode_quoted_printable(text, text.size()).size();
  return text.size();
}

}  // namespace mailassay::message
