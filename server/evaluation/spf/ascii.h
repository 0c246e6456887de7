// ASCII by the letter of the ABNF, whatever the locale.
#pragma once

#include <algorithm>
#include <string_view>

namespace mailassay::spf {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alphanum(char c) {
  return is_alpha(c) || is_digit(c);
}
constexpr bool is_visible(char c) {
  return c > 0x20 && c < 0x7f;
}
constexpr bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}
constexpr char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
inline bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}
inline bool starts_without_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_without_case(text.substr(0, start.size()), start);
}

}  // namespace mailassay::spf
