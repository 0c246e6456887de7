#include "evaluation/dkim/rsa_key.h"

#include <bit>
#include <cstddef>

namespace mailassay::dkim {
namespace {

constexpr unsigned char kInteger = 0x02;
constexpr unsigned char kBitString = 0x03;
constexpr unsigned char kObjectId = 0x06;
constexpr unsigned char kSequence = 0x30;
constexpr std::string_view kRsaEncryption = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";

// Takes an element of that tag off the front of `der` and returns its content.
std::optional<std::string_view> take(std::string_view& der, unsigned char tag) {
  if (der.size() < 2 || static_cast<unsigned char>(der[0]) != tag) return std::nullopt;
  std::size_t length = static_cast<unsigned char>(der[1]);
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets < 1 || octets > 3 || der.size() < 2 + octets) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | static_cast<unsigned char>(der[2 + i]);
    header += octets;
  }
  if (der.size() - header < length) return std::nullopt;
  const std::string_view content = der.substr(header, length);
  der.remove_prefix(header + length);
  return content;
}

std::optional<std::string_view> take_positive(std::string_view& der) {
  auto integer = take(der, kInteger);
  if (!integer || integer->empty() || static_cast<unsigned char>(integer->front()) >= 0x80)
    return std::nullopt;
  while (!integer->empty() && integer->front() == '\0') integer->remove_prefix(1);
  if (integer->empty()) return std::nullopt;
  return integer;
}

std::optional<RsaKey> parse_rsa_public_key(std::string_view sequence) {
  const auto modulus = take_positive(sequence);
  if (!modulus) return std::nullopt;
  const auto exponent = take_positive(sequence);
  if (!exponent) return std::nullopt;
  const auto top = static_cast<unsigned char>(modulus->front());
  return RsaKey{*modulus, *exponent, static_cast<int>((modulus->size() - 1) * 8) + std::bit_width(top)};
}

}  // namespace

std::optional<RsaKey> parse_rsa_key(std::string_view der) {
  auto content = take(der, kSequence);
  if (!content) return std::nullopt;
  std::string_view info = *content;
  auto algorithm = take(info, kSequence);
  if (!algorithm) return parse_rsa_public_key(*content);
  if (take(*algorithm, kObjectId) != kRsaEncryption) return std::nullopt;
  auto bits = take(info, kBitString);
  if (!bits || bits->empty() || bits->front() != '\0') return std::nullopt;
  bits->remove_prefix(1);
  const auto key = take(*bits, kSequence);
  return key ? parse_rsa_public_key(*key) : std::nullopt;
}

}  // namespace mailassay::dkim
