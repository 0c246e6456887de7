// The counters of RFC 7208 section 4.6.4.
#include "evaluation/spf/checker.h"

namespace mailassay::spf {

using trace::Fact;

void Checker::add_counters(trace::Facts& facts) const {
  facts.push_back(Fact("lookups", lookups_));
  facts.push_back(Fact("lookups_limit", limits_.spf_lookups));
  facts.push_back(Fact("void_lookups", void_lookups_));
  facts.push_back(Fact("void_limit", limits_.spf_void_lookups));
}

bool Checker::count_lookup() {
  return ++lookups_ <= limits_.spf_lookups;
}

bool Checker::count_void(dns::Status status) {
  if (counting_ && dns::is_void(status)) ++void_lookups_;
  return !voids_exceeded();
}

bool Checker::voids_exceeded() const {
  return void_lookups_ > limits_.spf_void_lookups;
}

Match Checker::too_many_lookups(const std::string& term, trace::Scope scope) const {
  scope.step("spf.limit",
             facts(Fact("cause", "too_many_lookups"), Fact("term", term), Fact("count", lookups_),
                   Fact("limit", limits_.spf_lookups), Fact("rfc", "7208 4.6.4")));
  return {false, "too_many_lookups", evaluation::Result::permerror, "too_many_lookups"};
}

Match Checker::too_many_voids(trace::Scope scope) const {
  scope.step("spf.limit", facts(Fact("cause", "too_many_void_lookups"), Fact("count", void_lookups_),
                                Fact("limit", limits_.spf_void_lookups), Fact("rfc", "7208 4.6.4")));
  return {false, "too_many_void_lookups", evaluation::Result::permerror, "too_many_void_lookups"};
}

}  // namespace mailassay::spf
