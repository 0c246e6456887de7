#include "message/encoded_word.h"

#include "message/charset.h"

#include <algorithm>
#include <optional>

namespace mailassay::message {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::optional<std::string> decode_q(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      octets += text[i] == '_' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    octets += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return octets;
}

std::optional<std::string> decode_b(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string octets;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets += static_cast<char>(bits >> count & 0xff);
  }
  return octets;
}

// The word at the start of text: "=?charset?Q?text?=". Nothing if there is none; `length` is what it took.
std::optional<std::string> word_at(std::string_view text, std::size_t& length) {
  if (text.substr(0, 2) != "=?") return std::nullopt;
  const auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size()) return std::nullopt;
  if (text[charset_end + 2] != '?') return std::nullopt;
  // The text holds no "?", so the next one ends it: looking farther would read a long field again and again.
  const auto end = text.find('?', charset_end + 3);
  if (end == std::string_view::npos || text.substr(end, 2) != "?=") return std::nullopt;
  const auto encoded = text.substr(charset_end + 3, end - charset_end - 3);
  if (std::any_of(encoded.begin(), encoded.end(), is_space)) return std::nullopt;
  auto charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231 section 5: a language
  if (charset.empty() || charset.find('\0') != std::string_view::npos) return std::nullopt;
  const char encoding = text[charset_end + 1];
  const auto octets = encoding == 'Q' || encoding == 'q'   ? decode_q(encoded)
                      : encoding == 'B' || encoding == 'b' ? decode_b(encoded)
                                                           : std::nullopt;
  if (!octets) return std::nullopt;
  length = end + 2;
  return to_utf8(charset, *octets);
}

}  // namespace

std::string unfold(std::string_view value) {
  std::string line;
  line.reserve(value.size());
  for (const char c : value)
    if (c != '\r' && c != '\n') line += c == '\t' ? ' ' : c;
  const auto first = line.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

std::string decode_encoded_words(std::string_view value) {
  const auto line = unfold(value);
  std::string_view rest = line;
  if (rest.find("=?") == std::string_view::npos) return line;
  std::string text;
  std::size_t after_word = std::string::npos;  // where text ended when the last word was decoded
  while (!rest.empty()) {
    std::size_t length = 0;
    if (const auto word = word_at(rest, length)) {
      if (after_word != std::string::npos && text.find_first_not_of(' ', after_word) == std::string::npos)
        text.resize(after_word);
      text += *word;
      after_word = text.size();
      rest.remove_prefix(length);
    } else {
      text += rest.front();
      rest.remove_prefix(1);
    }
  }
  return text;
}

}  // namespace mailassay::message
