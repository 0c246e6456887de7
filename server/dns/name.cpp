#include "dns/name.h"

#include <algorithm>

namespace mailassay::dns {
namespace {

constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kMaxWireName = 255;  // 253 characters of text, the first length and the root

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

// Where the next label separator stands from `from` on, or npos.
std::size_t next_dot(std::string_view name, std::size_t from) {
  for (std::size_t at = from; at < name.size(); ++at) {
    if (name[at] == '\\') {
      ++at;
    } else if (name[at] == '.') {
      return at;
    }
  }
  return std::string_view::npos;
}

// True if the octet at `at` follows an odd number of backslashes.
bool is_escaped(std::string_view name, std::size_t at) {
  std::size_t backslashes = 0;
  while (backslashes < at && name[at - backslashes - 1] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

bool append_label(std::string_view label, std::vector<std::uint8_t>& wire) {
  const std::size_t length_at = wire.size();
  wire.push_back(0);
  for (std::size_t at = 0; at < label.size(); ++at) {
    if (label[at] == '\\' && at + 1 < label.size()) ++at;
    wire.push_back(static_cast<std::uint8_t>(label[at]));
  }
  const std::size_t length = wire.size() - length_at - 1;
  wire[length_at] = static_cast<std::uint8_t>(length);
  return length > 0 && length <= kMaxLabel;
}

void append_decimal(std::uint8_t octet, std::string& text) {
  text += '\\';
  text += static_cast<char>('0' + octet / 100);
  text += static_cast<char>('0' + octet / 10 % 10);
  text += static_cast<char>('0' + octet % 10);
}

}  // namespace

std::string lower(std::string_view name) {
  std::string result(name);
  for (char& c : result) c = lower(c);
  return result;
}

std::string_view without_trailing_dot(std::string_view name) {
  const auto dot_at = [&](std::size_t at) { return name[at] == '.' && !is_escaped(name, at); };
  const std::size_t size = name.size();
  if (size == 0 || !dot_at(size - 1)) return name;
  if (size > 1 && dot_at(size - 2)) return name;
  return name.substr(0, size - 1);
}

bool same_name(std::string_view a, std::string_view b) {
  return equal_without_case(without_trailing_dot(a), without_trailing_dot(b));
}

std::vector<std::string_view> labels(std::string_view name) {
  name = without_trailing_dot(name);
  std::vector<std::string_view> result;
  if (name.empty()) return result;
  for (std::size_t from = 0;;) {
    const std::size_t dot = next_dot(name, from);
    result.push_back(name.substr(from, dot - from));
    if (dot == std::string_view::npos) return result;
    from = dot + 1;
  }
}

std::string_view parent(std::string_view name) {
  const std::size_t dot = next_dot(name, 0);
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

bool is_subdomain_or_equal(std::string_view name, std::string_view of) {
  name = without_trailing_dot(name);
  of = without_trailing_dot(of);
  if (of.empty()) return true;
  if (name.size() < of.size()) return false;
  const std::size_t start = name.size() - of.size();
  if (!equal_without_case(name.substr(start), of)) return false;
  return start == 0 || (name[start - 1] == '.' && !is_escaped(name, start - 1));
}

std::optional<std::vector<std::uint8_t>> to_wire(std::string_view name) {
  name = without_trailing_dot(name);
  if (name.empty()) return std::nullopt;
  std::vector<std::uint8_t> wire;
  wire.reserve(name.size() + 2);
  for (std::size_t from = 0;;) {
    const std::size_t dot = next_dot(name, from);
    if (!append_label(name.substr(from, dot - from), wire)) return std::nullopt;
    if (dot == std::string_view::npos) break;
    from = dot + 1;
  }
  wire.push_back(0);
  if (wire.size() > kMaxWireName) return std::nullopt;
  return wire;
}

std::optional<std::string> from_wire(std::span<const std::uint8_t> wire) {
  std::string name;
  for (std::size_t at = 0; at < wire.size();) {
    const std::size_t length = wire[at++];
    if (length == 0) return name;
    if (length > kMaxLabel || at + length > wire.size()) return std::nullopt;
    if (!name.empty()) name += '.';
    for (const std::uint8_t octet : wire.subspan(at, length)) {
      if (octet == '.' || octet == '\\') name += '\\';
      name += static_cast<char>(octet);
    }
    at += length;
  }
  return std::nullopt;
}

std::string to_presentation(std::string_view name) {
  name = without_trailing_dot(name);
  std::string text;
  for (std::size_t at = 0; at < name.size(); ++at) {
    const auto octet = static_cast<std::uint8_t>(name[at]);
    if (octet == '\\' && at + 1 < name.size()) {
      text += '\\';
      text += name[++at];
    } else if (octet <= ' ' || octet >= 0x7f) {
      append_decimal(octet, text);
    } else {
      if (std::string_view("\";()@$\\").find(name[at]) != std::string_view::npos) text += '\\';
      text += name[at];
    }
  }
  return text + '.';
}

}  // namespace mailassay::dns
