#include "intake/random_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

namespace mailassay::intake {
namespace {

// In the order of ASCII, without those that are read for others (0 o, 1 l i): 4.95 bits each.
constexpr std::string_view kReadable = "23456789abcdefghjkmnpqrstuvwxyz";
constexpr std::string_view kUrlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <std::size_t N>
std::array<std::uint8_t, N> random_octets() {
  std::array<std::uint8_t, N> octets;
  if (::getentropy(octets.data(), octets.size()) != 0)
    throw std::runtime_error("the kernel gives no random numbers (getentropy)");
  return octets;
}

std::string random_readable(std::size_t length) {
  // The largest multiple of the alphabet's size below 256: beyond it some characters would be likelier.
  constexpr auto fair = 256 - 256 % kReadable.size();
  std::string text;
  while (text.size() < length)
    for (const auto octet : random_octets<32>())
      if (octet < fair && text.size() < length) text += kReadable[octet % kReadable.size()];
  return text;
}

}  // namespace

std::string mail_id(std::chrono::system_clock::time_point at) {
  constexpr std::size_t kTimeCharacters = 11;  // enough for 800 years
  const auto since = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
  auto rest = static_cast<std::uint64_t>(std::max(since, std::int64_t{0}));
  std::string id(kTimeCharacters, kReadable.front());
  for (auto digit = id.rbegin(); digit != id.rend(); ++digit, rest /= kReadable.size())
    *digit = kReadable[rest % kReadable.size()];
  return id + random_readable(6);
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
