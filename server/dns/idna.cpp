#include "dns/idna.h"

#include "dns/name.h"

#include <algorithm>

#include <idn2.h>

namespace mailassay::dns {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::optional<std::string> to_a_label(std::string_view label) {
  if (is_ascii(label)) return lower(label);
  if (label.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(label);
  std::uint8_t* converted = nullptr;
  // Non-transitional UTS 46 maps case and width and leaves ß and ς as the letters they are.
  const int outcome = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(terminated.c_str()), &converted,
                                     IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (outcome != IDN2_OK) return std::nullopt;
  std::string result(reinterpret_cast<const char*>(converted));
  idn2_free(converted);
  return result;
}

std::string to_u_label(std::string_view label) {
  if (!lower(label.substr(0, 4)).starts_with("xn--") || label.find('\0') != std::string_view::npos)
    return std::string(label);
  const std::string terminated(label);
  char* converted = nullptr;
  if (idn2_to_unicode_8z8z(terminated.c_str(), &converted, 0) != IDN2_OK) return terminated;
  std::string result(converted);
  idn2_free(converted);
  return result;
}

}  // namespace

// Label by label, since names such as _dmarc.bücher.example hold labels that IDNA does not know.
std::optional<std::string> to_a_labels(std::string_view domain) {
  domain = without_trailing_dot(domain);
  if (is_ascii(domain)) return lower(domain);
  std::string result;
  for (const std::string_view label : labels(domain)) {
    const auto converted = to_a_label(label);
    if (!converted) return std::nullopt;
    if (label.data() != domain.data()) result += '.';
    result += *converted;
  }
  return result;
}

std::string to_u_labels(std::string_view domain) {
  std::string result;
  for (const std::string_view label : labels(domain)) {
    if (label.data() != domain.data()) result += '.';
    result += to_u_label(label);
  }
  return result;
}

}  // namespace mailassay::dns
