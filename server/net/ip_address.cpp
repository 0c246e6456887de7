#include "net/ip_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <iterator>
#include <vector>

namespace mailassay::net {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

template <typename Network>
struct Special {
  Network network;
  unsigned prefix;
  std::string_view word;
};

// IANA's special-purpose registries (RFC 6890), where a sender's address tells nothing about the internet.
constexpr Special<std::string_view> kSpecialNetworks[] = {
    {"127.0.0.0", 8, "loopback"},
    {"::1", 128, "loopback"},
    {"10.0.0.0", 8, "private"},
    {"172.16.0.0", 12, "private"},
    {"192.168.0.0", 16, "private"},
    {"fc00::", 7, "private"},
    {"169.254.0.0", 16, "link-local"},
    {"fe80::", 10, "link-local"},
    {"100.64.0.0", 10, "shared"},
    {"0.0.0.0", 8, "unspecified"},
    {"::", 128, "unspecified"},
    {"192.0.2.0", 24, "documentation"},
    {"198.51.100.0", 24, "documentation"},
    {"203.0.113.0", 24, "documentation"},
    {"2001:db8::", 32, "documentation"},
    {"224.0.0.0", 4, "multicast"},
    {"ff00::", 8, "multicast"},
    {"240.0.0.0", 4, "reserved"},
};

std::vector<Special<IpAddress>> parsed_networks() {
  std::vector<Special<IpAddress>> parsed;
  for (const auto& [network, prefix, word] : kSpecialNetworks)
    parsed.push_back({*IpAddress::parse(network), prefix, word});
  return parsed;
}

}  // namespace

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> octets) {
  IpAddress address;
  std::copy(octets.begin(), octets.end(), address.octets_.begin());
  return address;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> octets) {
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), octets.begin()))
    return v4({octets[12], octets[13], octets[14], octets[15]});
  IpAddress address;
  address.v4_ = false;
  address.octets_ = octets;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string terminated(text);
  std::array<std::uint8_t, 4> four;
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return v4(four);
  std::array<std::uint8_t, 16> sixteen;
  if (inet_pton(AF_INET6, terminated.c_str(), sixteen.data()) == 1) return v6(sixteen);
  return std::nullopt;
}

std::string IpAddress::to_string() const {
  char text[INET6_ADDRSTRLEN];
  if (!v4_) return inet_ntop(AF_INET6, octets_.data(), text, sizeof text);
  // inet_ntop() prints through sprintf(), and each step with an address comes here.
  char* end = text;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) *end++ = '.';
    end = std::to_chars(end, std::end(text), octets_[i]).ptr;
  }
  return {text, end};
}

bool IpAddress::in_network(const IpAddress& network, unsigned prefix) const {
  if (v4_ != network.v4_ || prefix > octets().size() * 8) return false;
  const unsigned whole = prefix / 8;
  if (!std::equal(octets_.begin(), octets_.begin() + whole, network.octets_.begin())) return false;
  const unsigned rest = prefix % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return (octets_[whole] & mask) == (network.octets_[whole] & mask);
}

std::string IpAddress::reverse_name() const {
  std::string name;
  const auto bytes = octets();
  for (auto octet = bytes.rbegin(); octet != bytes.rend(); ++octet) {
    if (v4_) {
      name += std::to_string(*octet) + '.';
    } else {
      constexpr std::string_view kHex = "0123456789abcdef";
      name += kHex[*octet & 0xf];
      name += '.';
      name += kHex[*octet >> 4];
      name += '.';
    }
  }
  return name + (v4_ ? "in-addr.arpa" : "ip6.arpa");
}

std::string_view IpAddress::special_purpose() const {
  static const auto networks = parsed_networks();
  for (const auto& [network, prefix, word] : networks)
    if (in_network(network, prefix)) return word;
  return {};
}

}  // namespace mailassay::net
