// The addresses of this host's interfaces.
#pragma once

#include "net/ip_address.h"

#include <vector>

namespace mailassay::net {

std::vector<IpAddress> own_addresses();

}  // namespace mailassay::net
