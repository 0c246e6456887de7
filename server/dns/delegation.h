// Who serves a zone: its name servers and their addresses, found through a recursive resolver or a referral.
#pragma once

#include "dns/resolver.h"
#include "dns/wire.h"

#include <string>
#include <vector>

namespace mailassay::dns {

// The servers of a zone by name; glue where a referral gave it.
using Delegation = Referral;

// The closest zone at or above `name`, by NS records; without servers if there is none below the root.
boost::asio::awaitable<Delegation> find_delegation(Resolver& recursive, std::string name);

struct NamedAddress {
  std::string name;
  net::IpAddress ip;
};

struct ServerAddresses {
  std::vector<NamedAddress> usable;  // four at most, those of different servers first
  bool special_left_out = false;     // some address was none that the internet knows
};

// The addresses of the zone's servers; special ones (may_be_asked) only if `allow_private`.
boost::asio::awaitable<ServerAddresses> addresses_of(Resolver& recursive, Delegation delegation,
                                                     bool allow_private);

// False for loopback, private and all other addresses that do not belong to one host of the internet:
// a published record must not make us talk to what is behind our firewall.
bool may_be_asked(const net::IpAddress& ip);

// True if the referral leads down from `zone` towards `name`; what it must not say is taken out of it.
bool leads_down(Referral& referral, const std::string& zone, const std::string& name);

}  // namespace mailassay::dns
