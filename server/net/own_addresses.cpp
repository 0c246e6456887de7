#include "net/own_addresses.h"

#include <array>
#include <cstring>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace mailassay::net {
namespace {

void add_address(const sockaddr* address, std::vector<IpAddress>& into) {
  if (address == nullptr) return;
  if (address->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, octets.size());
    into.push_back(IpAddress::v4(octets));
  } else if (address->sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> octets{};
    std::memcpy(octets.data(), &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, octets.size());
    into.push_back(IpAddress::v6(octets));
  }
}

}  // namespace

std::vector<IpAddress> own_addresses() {
  std::vector<IpAddress> addresses;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return addresses;
  for (const auto* entry = list; entry != nullptr; entry = entry->ifa_next)
    add_address(entry->ifa_addr, addresses);
  freeifaddrs(list);
  return addresses;
}

}  // namespace mailassay::net
