#include "message/parameters.h"

#include "message/charset.h"
#include "message/encoded_word.h"

#include <algorithm>

namespace mailassay::message {
namespace {

constexpr std::size_t kMaxParameters = 100;
constexpr std::size_t kMaxText = 4096;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// Takes one parameter value off the text: a quoted string or all up to the next semicolon.
std::string take_value(std::string_view& text) {
  text = text.substr(std::min(text.find_first_not_of(' '), text.size()));
  if (!text.starts_with('"')) {
    const auto value = text.substr(0, text.find(';'));
    text.remove_prefix(value.size());
    return std::string(trimmed(value));
  }
  std::string value;
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    value += text[at];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return value;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string octets;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
        hex_digit(text[at + 2]) >= 0) {
      octets += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
      at += 2;
    } else {
      octets += text[at];
    }
  }
  return octets;
}

// charset'language'text, percent-encoded (RFC 2231 section 4).
std::string extended(std::string_view text, std::string& charset) {
  const auto first = text.find('\'');
  const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
  if (second == std::string_view::npos) return percent_decoded(text);
  charset = text.substr(0, first);
  return percent_decoded(text.substr(second + 1));
}

}  // namespace

std::string ParameterizedValue::parameter(std::string_view name) const {
  const auto find = [&](const std::string& key) {
    return std::find_if(params.begin(), params.end(), [&](const auto& param) { return param.first == key; });
  };
  const std::string plain(name);
  std::string charset;
  if (const auto whole = find(plain + '*'); whole != params.end()) {
    const std::string octets = extended(whole->second, charset);
    return to_readable_utf8(charset, octets, kMaxText);
  }
  std::string octets;
  for (std::size_t section = 0; section < kMaxParameters; ++section) {
    const std::string key = plain + '*' + std::to_string(section);
    if (const auto encoded = find(key + '*'); encoded != params.end()) {
      octets += section == 0 ? extended(encoded->second, charset) : percent_decoded(encoded->second);
    } else if (const auto literal = find(key); literal != params.end()) {
      octets += literal->second;
    } else {
      break;
    }
  }
  if (!octets.empty()) return to_readable_utf8(charset, octets, kMaxText);
  const auto found = find(plain);
  return found == params.end() ? "" : to_readable_utf8("", decode_encoded_words(found->second), kMaxText);
}

ParameterizedValue parse_parameters(std::string_view field_value) {
  const std::string line = unfold(field_value);
  std::string_view rest = line;
  ParameterizedValue result;
  result.value = lower(trimmed(rest.substr(0, rest.find(';'))));
  rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  while (!rest.empty() && result.params.size() < kMaxParameters) {
    rest.remove_prefix(std::min(rest.find_first_not_of("; "), rest.size()));
    const auto end = rest.find_first_of("=;");
    if (end == std::string_view::npos) break;
    const auto name = lower(trimmed(rest.substr(0, end)));
    rest.remove_prefix(end);
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    result.params.emplace_back(name, take_value(rest));
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return result;
}

}  // namespace mailassay::message
