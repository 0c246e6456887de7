// What stands between the internet and this server: the domain's MX and addresses, what listens, who came
// lately. `mailassay doctor` prints it, and the page shows it while it waits in vain.
#pragma once

#include "dns/resolver.h"
#include "net/ip_address.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

namespace mailassay::advice {

struct Listening {
  net::IpAddress address;  // 0.0.0.0 and :: are every address
  std::uint16_t port = 0;
};

// A refused command, already masked.
struct Refusal {
  std::string at;  // RFC 3339
  std::string ip;
  int code = 0;
  std::string text;
};

// What the server itself has seen and is.
struct Surroundings {
  std::string domain;
  std::vector<Listening> listening;
  std::vector<net::IpAddress> own_addresses;
  std::optional<std::string> last_outside_at;  // RFC 3339; nothing: no host outside ever connected
  std::string last_outside_ip;                 // masked
  std::vector<Refusal> refused;
  bool observed = true;  // false: nobody watched (doctor beside a server that is not running)
};

// {"domain","mx","mx_status","addresses","listening","last_outside_connection","refused","findings"}; a
// finding is
// {"code","level":"ok|hint|problem", …facts}, its words are the catalogue's "doctor.CODE".
boost::asio::awaitable<boost::json::object> reachability(Surroundings surroundings, dns::Resolver& resolver);

// 192.0.2.x, 2001:db8:1:x: enough to recognise one's provider, not the host.
std::string masked(const net::IpAddress& ip);

}  // namespace mailassay::advice
