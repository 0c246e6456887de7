#include "message/charset.h"

#include <algorithm>
#include <cerrno>
#include <iconv.h>

namespace mailassay::message {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

// Mail that says EUC-KR is mostly written with its superset, and US-ASCII mostly with UTF-8 in it.
std::string widened(std::string_view charset) {
  for (const std::string_view korean : {"euc-kr", "ks_c_5601-1987", "ksc5601"})
    if (same_word(charset, korean)) return "CP949";
  if (charset.empty() || same_word(charset, "us-ascii")) return "UTF-8";
  return std::string(charset.substr(0, charset.find('\0')));
}

class Converter {
 public:
  explicit Converter(std::string_view charset) : handle_(iconv_open("UTF-8", widened(charset).c_str())) {}
  ~Converter() {
    if (known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // Converts what it can onto `text`, and takes it off `octets`. 0, or errno: EILSEQ, EINVAL (cut short),
  // E2BIG (`limit` reached).
  int convert(std::string_view& octets, std::string& text, std::size_t limit) {
    char buffer[4096];
    for (;;) {
      char* in = const_cast<char*>(octets.data());
      std::size_t in_left = octets.size();
      char* out = buffer;
      std::size_t out_left = std::min(sizeof buffer, limit - std::min(limit, text.size()));
      const std::size_t room = out_left;
      const bool failed = iconv(handle_, &in, &in_left, &out, &out_left) == static_cast<std::size_t>(-1);
      const int error = failed ? errno : 0;
      text.append(buffer, room - out_left);
      octets.remove_prefix(octets.size() - in_left);
      if (error != E2BIG || room < sizeof buffer) return error;
    }
  }

 private:
  iconv_t handle_;
};

// The length of the character at the start of text, or 0 if the octets are none (RFC 3629 section 4).
std::size_t character_length(std::string_view text) {
  const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char lead = octet(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t at = 1; at < length; ++at)
    if ((octet(at) & 0xc0) != 0x80) return 0;
  const bool overlong = (lead == 0xe0 && octet(1) < 0xa0) || (lead == 0xf0 && octet(1) < 0x90);
  const bool surrogate = lead == 0xed && octet(1) >= 0xa0;
  const bool beyond = lead == 0xf4 && octet(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

// iconv lets numbers beyond Unicode through, so its word is not enough.
std::string replaced(std::string_view octets, std::size_t limit) {
  std::string text;
  while (!octets.empty()) {
    const std::size_t length = character_length(octets);
    const std::string_view character = length > 0 ? octets.substr(0, length) : kReplacement;
    if (text.size() + character.size() > limit) break;
    text += character;
    octets.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

}  // namespace

std::optional<std::string> to_utf8(std::string_view charset, std::string_view octets) {
  Converter converter(charset);
  if (!converter.known()) return std::nullopt;
  std::string text;
  if (converter.convert(octets, text, octets.size() * 4 + 16) != 0) return std::nullopt;
  if (replaced(text, std::string::npos) != text) return std::nullopt;
  return text;
}

std::string to_readable_utf8(std::string_view charset, std::string_view octets, std::size_t limit) {
  const std::string name = widened(charset);
  if (same_word(name, "utf-8")) return replaced(octets, limit);
  Converter converter(charset);
  if (!converter.known()) return replaced(octets, limit);
  std::string text;
  while (!octets.empty() && text.size() < limit) {
    const int error = converter.convert(octets, text, limit);
    if (error == 0 || error == E2BIG) break;
    text += kReplacement;
    if (error == EINVAL) break;
    octets.remove_prefix(1);
  }
  return replaced(text, limit);
}

}  // namespace mailassay::message
