// An IP address as the mail standards see it: 4 or 16 octets, an IPv4-mapped IPv6 address being IPv4.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mailassay::net {

class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0

  static IpAddress v4(std::array<std::uint8_t, 4> octets);
  // ::ffff:a.b.c.d becomes a.b.c.d (RFC 7208 section 5).
  static IpAddress v6(std::array<std::uint8_t, 16> octets);
  // Dotted quad or RFC 4291 text, without brackets, zone or prefix length; nothing else.
  static std::optional<IpAddress> parse(std::string_view text);

  bool is_v4() const { return v4_; }
  // 4 or 16 octets in network order.
  std::span<const std::uint8_t> octets() const { return {octets_.data(), v4_ ? 4U : 16U}; }
  // RFC 5952 text.
  std::string to_string() const;
  // True if both are of one family and the first `prefix` bits agree; a prefix longer than the address is
  // never true.
  bool in_network(const IpAddress& network, unsigned prefix) const;
  // The name whose PTR records belong to this address (RFC 1035 section 3.5, RFC 3596 section 2.5).
  std::string reverse_name() const;

  // Loopback, private, link-local, shared (RFC 6598), documentation, multicast, unspecified: an address
  // about which the public DNS says nothing. The word for it, or empty for a global address.
  std::string_view special_purpose() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  bool v4_ = true;
  std::array<std::uint8_t, 16> octets_{};
};

}  // namespace mailassay::net
