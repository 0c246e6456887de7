// IP addresses in a text, however they are written.
#include "advice/reachability.h"
#include "http/mask_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mailassay::http {
namespace {

constexpr std::size_t kLongestAddress = 45;  // IPv6 with a dotted quad at its end
constexpr std::size_t kLeastNibbles = 8;
constexpr std::size_t kShortestSpelling = 7;  // shorter ones are in many a harmless text

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_name_char(char c) {
  return is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
}

// Reads a text from left to right; each reader below takes what it knows at the place, or nothing.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::string run() {
    while (at_ < text_.size())
      if (!reverse_name() && !ipv6() && !nibbles() && !numbers()) masked_ += text_[at_++];
    return std::move(masked_);
  }

 private:
  char before(std::size_t at) const { return at > 0 ? text_[at - 1] : '\0'; }
  char char_at(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  bool take(std::size_t end, std::string_view by) {
    masked_ += by;
    at_ = end;
    return true;
  }

  bool keep(std::size_t end) { return take(end, text_.substr(at_, end - at_)); }

  // The labels before in-addr.arpa and ip6.arpa, RFC 2317's 0/25 among them.
  bool reverse_name() {
    if (at_ < name_end_ || !is_name_char(text_[at_])) return false;
    name_end_ = at_;
    while (name_end_ < text_.size() && is_name_char(text_[name_end_])) ++name_end_;
    std::string name(text_.substr(at_, name_end_ - at_));
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    for (const auto* zone : {".in-addr.arpa", ".ip6.arpa"})
      if (const auto found = name.rfind(zone); found != std::string::npos && found > 0)
        return take(at_ + found, "x");
    return false;
  }

  // Where an IPv6 address that begins here ends at most: 8 colons, "::" once.
  std::size_t longest_ipv6() const {
    std::size_t end = at_, colons = 0;
    bool compressed = false;
    for (; end - at_ < kLongestAddress; ++end) {
      const char c = char_at(end);
      if (c == ':') {
        const bool second = end > at_ && before(end) == ':';
        if (++colons > 8 || (second && compressed)) break;
        compressed = compressed || second;
      } else if (!is_hex(c) && c != '.') {
        break;
      }
    }
    return end;
  }

  bool ipv6() {
    const char last = before(at_);
    if ((!is_hex(text_[at_]) && text_[at_] != ':') || is_alnum(last)) return false;
    std::size_t end = longest_ipv6();
    for (; end > at_ + 2; --end) {
      if (is_hex(text_[end - 1]) && is_hex(char_at(end))) continue;
      const auto part = text_.substr(at_, end - at_);
      if (part.find(':') == std::string_view::npos) return false;
      if (const auto ip = net::IpAddress::parse(part)) return take(end, advice::masked(*ip));
    }
    return false;
  }

  // 2.0.0.1.0.d.b.8…, as %{i} and reverse names write IPv6.
  bool nibbles() {
    if (is_alnum(before(at_))) return false;
    std::size_t end = at_, count = 0;
    while (is_hex(char_at(end)) && !is_alnum(char_at(end + 1))) {
      ++count;
      ++end;
      if (char_at(end) != '.' || !is_hex(char_at(end + 1)) || is_alnum(char_at(end + 2))) break;
      ++end;
    }
    return count >= kLeastNibbles && take(end, "x");
  }

  // The end of a number from 0 to 255 at `at`, with up to two leading zeros; nothing if there is none.
  std::optional<std::size_t> octet(std::size_t at) const {
    std::size_t end = at;
    int value = 0;
    while (is_digit(char_at(end)) && end - at < 4) value = value * 10 + (text_[end++] - '0');
    if (end == at || end - at > 3 || value > 255) return std::nullopt;
    return end;
  }

  // Four or more octets: 192.0.2.1, ec2-192-0-2-1, 1.2.0.192.list.example.
  bool numbers() {
    if (is_digit(before(at_))) return false;
    auto end = octet(at_);
    if (!end) return false;
    const char separator = char_at(*end);
    if (separator != '.' && separator != '-' && separator != '_') return false;
    std::size_t count = 1;
    for (auto next = octet(*end + 1); next && char_at(*end) == separator; next = octet(*end + 1)) {
      end = next;
      ++count;
    }
    if (count < 4) return false;
    // Of "ec2-192-0-2-1" the first number belongs to the word.
    if (count > 4 && is_alnum(before(at_))) return keep(octet(at_).value());
    const auto ip = net::IpAddress::parse(text_.substr(at_, *end - at_));
    return take(*end, ip && stands_alone(*end) ? advice::masked(*ip) : "x");
  }

  // Not a part of a name. An asterisk stands where a local part was.
  bool stands_alone(std::size_t end) const {
    const auto in_name = [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '*'; };
    const char first = before(at_), last = char_at(end);
    return !in_name(first) && first != '.' && !in_name(last) && !(last == '.' && in_name(char_at(end + 1)));
  }

  std::string_view text_;
  std::string masked_;
  std::size_t at_ = 0;
  std::size_t name_end_ = 0;  // of the name that was last looked at
};

// The parts in both orders, joined by each separator.
void spell(std::vector<std::string> parts, std::initializer_list<std::string_view> separators,
           std::vector<std::string>& spelled) {
  for (int order = 0; order < 2; ++order) {
    for (const auto separator : separators) spelled.push_back(fmt::format("{}", fmt::join(parts, separator)));
    std::ranges::reverse(parts);
  }
}

std::vector<std::string> formatted(std::span<const std::uint8_t> octets, const char* format) {
  std::vector<std::string> parts;
  for (const auto octet : octets) parts.push_back(fmt::format(fmt::runtime(format), octet));
  return parts;
}

void spell_v6(const net::IpAddress& ip, std::vector<std::string>& spelled) {
  const auto octets = ip.octets();
  std::vector<std::string> nibbles, groups, padded;
  for (std::size_t i = 0; i < octets.size(); i += 2) {
    const int group = octets[i] << 8 | octets[i + 1];
    groups.push_back(fmt::format("{:x}", group));
    padded.push_back(fmt::format("{:04x}", group));
    for (const char nibble : padded.back()) nibbles.emplace_back(1, nibble);
  }
  spell(nibbles, {"", ".", "-"}, spelled);
  spell(groups, {":", "-", "_", "."}, spelled);
  spell(padded, {":", "-", "_", "."}, spelled);
  auto compressed = ip.to_string();
  spelled.push_back(compressed);
  std::ranges::replace(compressed, ':', '-');
  spelled.push_back(compressed);
}

}  // namespace

std::string mask_addresses(std::string_view text) {
  return Scanner(text).run();
}

std::vector<std::string> spellings(const net::IpAddress& ip) {
  std::vector<std::string> spelled;
  const auto octets = ip.octets();
  if (ip.is_v4()) {
    spell(formatted(octets, "{:03}"), {"", ".", "-", "_"}, spelled);
    spell(formatted(octets, "{}"), {".", "-", "_", "x"}, spelled);
    spell(formatted(octets, "{:02x}"), {"", ".", "-", "_", ":"}, spelled);
    const auto number =
        static_cast<std::uint32_t>(octets[0]) << 24 | octets[1] << 16 | octets[2] << 8 | octets[3];
    spelled.push_back(std::to_string(number));
  } else {
    spell_v6(ip, spelled);
  }
  std::erase_if(spelled, [](const std::string& text) { return text.size() < kShortestSpelling; });
  // The longest first: a short one may be a part of it.
  std::ranges::stable_sort(spelled, std::greater{}, &std::string::size);
  return spelled;
}

}  // namespace mailassay::http
