// The scenarios ready to be judged, each prepared once, so that the zone and the mail that were given out
// keep fitting together as long as the process runs. Any thread.
#pragma once

#include "scenario/scenario.h"

#include <map>
#include <mutex>

namespace mailassay::scenario {

class Library {
 public:
  // The scenario's recipient: its address is in the signed header.
  static constexpr std::string_view kRecipient = "customer@example.net";

  const Prepared& prepared(const Scenario& scenario);

 private:
  std::mutex mutex_;
  std::map<std::string, Prepared> prepared_;
};

}  // namespace mailassay::scenario
