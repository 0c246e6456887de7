#include "smtp/proxy_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace mailassay::smtp {
namespace {

using Result = std::variant<ProxyHeader, ProxyNeedsMore, ProxyFault>;

constexpr std::string_view signature_v2{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::string_view signature_v1 = "PROXY ";
constexpr std::size_t shortest_v1 = 15;  // "PROXY UNKNOWN\r\n"
constexpr std::size_t longest_v1 = 107;  // section 2.1
constexpr std::size_t fixed_v2 = 16;

bool agree(std::string_view octets, std::string_view signature) {
  const auto common = std::min(octets.size(), signature.size());
  return octets.substr(0, common) == signature.substr(0, common);
}

std::string_view next_word(std::string_view& text) {
  const auto space = std::min(text.find(' '), text.size());
  const auto word = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

std::optional<std::uint16_t> to_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return port;
}

// "TCP4 source destination source-port destination-port", "UNKNOWN …" (section 2.1)
Result parse_line(std::string_view line) {
  const auto family = next_word(line);
  if (family == "UNKNOWN") return ProxyHeader{};
  if (family != "TCP4" && family != "TCP6")
    return ProxyFault{"PROXY v1: the family is not TCP4, TCP6 or UNKNOWN"};
  const auto source = net::IpAddress::parse(next_word(line));
  const auto destination = net::IpAddress::parse(next_word(line));
  const auto source_port = to_port(next_word(line));
  const auto destination_port = to_port(next_word(line));
  if (!source || !destination) return ProxyFault{"PROXY v1: an address is malformed"};
  if (!source_port || !destination_port || !line.empty()) return ProxyFault{"PROXY v1: a port is malformed"};
  return ProxyHeader{ProxyHeader::Addresses{*source, *destination, *source_port, *destination_port}};
}

Result parse_v1(std::string_view octets) {
  const auto end = octets.find("\r\n");
  if (end != std::string_view::npos)
    return parse_line(octets.substr(signature_v1.size(), end - signature_v1.size()));
  if (octets.size() >= longest_v1) return ProxyFault{"PROXY v1: no CRLF within 107 octets"};
  if (octets.size() < shortest_v1) return ProxyNeedsMore{shortest_v1 - octets.size()};
  return ProxyNeedsMore{octets.back() == '\r' ? 1U : 2U};
}

std::uint16_t big_endian(std::string_view octets) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(octets[0]) << 8 |
                                    static_cast<unsigned char>(octets[1]));
}

template <std::size_t N>
net::IpAddress read_address(std::string_view octets) {
  std::array<std::uint8_t, N> address;
  std::copy_n(octets.begin(), N, address.begin());
  if constexpr (N == 4) {
    return net::IpAddress::v4(address);
  } else {
    return net::IpAddress::v6(address);
  }
}

template <std::size_t N>
Result read_addresses(std::string_view octets) {
  if (octets.size() < 2 * N + 4) return ProxyFault{"PROXY v2: the addresses are cut short"};
  return ProxyHeader{ProxyHeader::Addresses{read_address<N>(octets), read_address<N>(octets.substr(N)),
                                            big_endian(octets.substr(2 * N)),
                                            big_endian(octets.substr(2 * N + 2))}};
}

// Section 2.2; TLVs after the addresses are skipped.
Result parse_v2(std::string_view octets) {
  if (octets.size() < fixed_v2) return ProxyNeedsMore{fixed_v2 - octets.size()};
  const std::size_t whole = fixed_v2 + big_endian(octets.substr(14));
  if (octets.size() < whole) return ProxyNeedsMore{whole - octets.size()};
  const auto version_command = static_cast<unsigned char>(octets[12]);
  const auto family = static_cast<unsigned char>(octets[13]);
  if (version_command == 0x20) return ProxyHeader{};  // LOCAL: the proxy's own health check
  if (version_command != 0x21) return ProxyFault{"PROXY v2: neither LOCAL nor PROXY"};
  const auto body = octets.substr(fixed_v2);
  if (family == 0x11) return read_addresses<4>(body);
  if (family == 0x21) return read_addresses<16>(body);
  return ProxyHeader{};  // not TCP over IP: nothing to learn
}

}  // namespace

Result parse_proxy_header(std::string_view octets) {
  if (octets.empty()) return ProxyNeedsMore{shortest_v1};
  if (agree(octets, signature_v2)) return parse_v2(octets);
  if (agree(octets, signature_v1)) return parse_v1(octets);
  return ProxyFault{"a PROXY header was expected first"};
}

}  // namespace mailassay::smtp
