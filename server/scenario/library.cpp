#include "scenario/library.h"

namespace mailassay::scenario {

const Prepared& Library::prepared(const Scenario& scenario) {
  const std::lock_guard lock(mutex_);
  const auto found = prepared_.find(scenario.name);
  if (found != prepared_.end()) return found->second;
  return prepared_.emplace(scenario.name, prepare(scenario, kRecipient)).first->second;
}

}  // namespace mailassay::scenario
