#include "evaluation/dkim/base64.h"

#include <array>
#include <cstdint>

namespace mailassay::dkim {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kInvalid = 0xff;
constexpr std::uint8_t kSpace = 0xfe;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kInvalid);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  for (const char c : {' ', '\t', '\r', '\n'}) values[static_cast<unsigned char>(c)] = kSpace;
  return values;
}
constexpr auto kValues = make_values();

bool only_padding(std::string_view rest) {
  int signs = 0;
  for (const char c : rest) {
    if (c == '=')
      ++signs;
    else if (kValues[static_cast<unsigned char>(c)] != kSpace)
      return false;
  }
  return signs <= 2;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  char* end = out.data();
  std::uint32_t group = 0;
  int sextets = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(text[i])];
    if (value == kSpace) continue;
    if (value == kInvalid) {
      if (!only_padding(text.substr(i))) return std::nullopt;
      break;
    }
    group = group << 6 | value;
    if (++sextets == 4) {
      *end++ = static_cast<char>(group >> 16);
      *end++ = static_cast<char>(group >> 8);
      *end++ = static_cast<char>(group);
      group = 0;
      sextets = 0;
    }
  }
  if (sextets == 1) return std::nullopt;
  if (sextets >= 2) *end++ = static_cast<char>(group >> (sextets * 6 - 8));
  if (sextets == 3) *end++ = static_cast<char>(group >> 2);
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

std::string encode_base64(std::string_view octets) {
  std::string out;
  out.reserve((octets.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    const std::size_t left = octets.size() - i;
    const auto octet = [&](std::size_t k) {
      return k < left ? static_cast<unsigned char>(octets[i + k]) : 0U;
    };
    const std::uint32_t group = octet(0) << 16 | octet(1) << 8 | octet(2);
    out.push_back(kAlphabet[group >> 18]);
    out.push_back(kAlphabet[group >> 12 & 63]);
    out.push_back(left > 1 ? kAlphabet[group >> 6 & 63] : '=');
    out.push_back(left > 2 ? kAlphabet[group & 63] : '=');
  }
  return out;
}

}  // namespace mailassay::dkim
