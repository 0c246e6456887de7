// Who is at the other end of a connection.
#pragma once

#include "net/ip_address.h"

#include <cstdint>
#include <optional>

namespace mailassay::smtp {

struct Client {
  net::IpAddress ip;  // the client's, behind a trusted proxy the one the proxy told
  std::uint16_t port = 0;
  net::IpAddress local_ip;
  std::uint16_t local_port = 0;
  bool implicit_tls = false;
  std::optional<net::IpAddress> proxy;  // the socket's own peer, where a PROXY header came before SMTP
};

}  // namespace mailassay::smtp
