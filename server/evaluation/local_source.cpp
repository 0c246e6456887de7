#include "evaluation/local_source.h"

#include "net/own_addresses.h"

#include <algorithm>

namespace mailassay::evaluation {
namespace {

bool is_own(const net::IpAddress& ip) {
  static const auto addresses = net::own_addresses();  // asked once: containers don't change theirs
  return std::find(addresses.begin(), addresses.end(), ip) != addresses.end();
}

}  // namespace

std::string_view local_source(const net::IpAddress& ip) {
  const auto special = ip.special_purpose();
  if (special == "loopback") return special;
  if (is_own(ip)) return "own";
  if (special == "private" || special == "link-local" || special == "shared" || special == "unspecified")
    return special;
  return {};
}

void tell_local_source(const net::IpAddress& ip, trace::Scope scope) {
  const auto why = local_source(ip);
  if (why.empty()) return;
  scope.step("advice.local_source", {{"ip", ip.to_string()},
                                     {"why", why == "link-local" ? std::string_view("link_local") : why},
                                     {"cures", trace::List{"assume_ip", "check_ip", "send_from_real_server"}},
                                     {"rfc", "7208 2.4"}});
}

}  // namespace mailassay::evaluation
