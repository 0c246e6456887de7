#include "intake/random_text.h"

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

namespace mailassay::intake {
namespace {

constexpr std::string_view kReadable = "23456789abcdefghjkmnpqrstuvwxyz";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <std::size_t N>
std::array<std::uint8_t, N> random_octets() {
  std::array<std::uint8_t, N> octets;
  if (::getentropy(octets.data(), octets.size()) != 0)
    throw std::runtime_error("the kernel gives no random numbers (getentropy)");
  return octets;
}

}  // namespace

std::string random_readable(std::size_t length) {
  // The largest multiple of the alphabet's size below 256: beyond it some characters would be likelier.
  constexpr auto fair = 256 - 256 % kReadable.size();
  std::string text;
  while (text.size() < length)
    for (const auto octet : random_octets<32>())
      if (octet < fair && text.size() < length) text += kReadable[octet % kReadable.size()];
  return text;
}

std::string random_local_part() {
  const auto text = random_readable(13);
  return "ld-" + text.substr(0, 4) + "-" + text.substr(4, 4) + "-" + text.substr(8);
}

std::string random_token() {
  std::string token;
  std::uint32_t bits = 0;
  int held = 0;
  for (const auto octet : random_octets<16>()) {
    bits = (bits << 8) | octet;
    for (held += 8; held >= 6; held -= 6) token += kUrlSafe[(bits >> (held - 6)) & 63];
  }
  if (held > 0) token += kUrlSafe[(bits << (6 - held)) & 63];
  // On a command line a hyphen in front reads as a flag.
  return token.front() == '-' ? random_token() : token;
}

}  // namespace mailassay::intake
