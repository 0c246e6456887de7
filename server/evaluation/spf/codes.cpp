#include "evaluation/spf/checker.h"

namespace mailassay::spf {

std::string_view failure_cause(dns::Status status) {
  return status == dns::Status::timeout   ? "dns_timeout"
         : status == dns::Status::refused ? "dns_refused"
                                          : "dns_servfail";
}

std::string_view mechanism_rfc(const Mechanism& mechanism) {
  constexpr std::string_view kSections[] = {"7208 5.1", "7208 5.2", "7208 5.3", "7208 5.4",
                                            "7208 5.5", "7208 5.6", "7208 5.6", "7208 5.7"};
  return kSections[mechanism.index()];
}

}  // namespace mailassay::spf
