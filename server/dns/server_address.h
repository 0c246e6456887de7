// Where a DNS server listens, from the command line or resolv.conf.
#pragma once

#include "net/ip_address.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::dns {

struct ServerAddress {
  net::IpAddress ip;
  std::uint16_t port = 53;

  std::string to_string() const;  // "127.0.0.1:53", "[::1]:53"
};

// "ADDR:PORT", "[v6]:PORT", or an address alone for port 53; nothing for anything else.
std::optional<ServerAddress> parse_server(std::string_view text);
// The `nameserver` lines of a resolv.conf, three at most as resolv.conf(5) has it; those that Mailassay
// cannot use (with a zone index) are left out.
std::vector<ServerAddress> parse_resolv_conf(std::string_view text);

// The given servers, or else those of the file. Throws std::runtime_error with one line and its fix.
std::vector<ServerAddress> choose_servers(const std::vector<std::string>& given,
                                          const std::string& resolv_conf);

}  // namespace mailassay::dns
