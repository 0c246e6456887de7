// The PROXY protocol, versions 1 and 2 (haproxy.org's proxy-protocol.txt): a trusted proxy's word about the
// client it speaks for. Pure.
#pragma once

#include "net/ip_address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace mailassay::smtp {

struct ProxyHeader {
  struct Addresses {
    net::IpAddress source, destination;
    std::uint16_t source_port = 0, destination_port = 0;
  };
  std::optional<Addresses> addresses;  // nothing for UNKNOWN and LOCAL: the socket's own addresses hold
};

struct ProxyNeedsMore {
  std::size_t octets;  // that surely still belong to the header: reading them takes nothing from SMTP
};

struct ProxyFault {
  std::string text;
};

// `octets` is what has come so far and never more than the header.
std::variant<ProxyHeader, ProxyNeedsMore, ProxyFault> parse_proxy_header(std::string_view octets);

}  // namespace mailassay::smtp
