// Mail from this machine or a private network: SPF can say nothing useful about such an address.
#pragma once

#include "net/ip_address.h"
#include "trace/step.h"

#include <string_view>

namespace mailassay::evaluation {

// loopback, own (one of this host's addresses), private, link-local, shared, unspecified; empty for an
// address of the internet. Documentation addresses count as such: examples use them.
std::string_view local_source(const net::IpAddress& ip);

// The step "advice.local_source" with what helps, where the address is local.
void tell_local_source(const net::IpAddress& ip, trace::Scope scope);

}  // namespace mailassay::evaluation
