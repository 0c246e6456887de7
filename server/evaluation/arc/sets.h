// ARC Sets (RFC 8617 section 4.2): the three fields that each handler added, by instance.
#pragma once

#include "evaluation/dkim/examination.h"
#include "message/message.h"

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace mailassay::arc {

struct Set {
  int instance = 0;
  const message::Field* results = nullptr;  // ARC-Authentication-Results
  const dkim::Claim* message_signature = nullptr;
  const dkim::Claim* seal = nullptr;
  std::string_view cv;  // the seal's: none, pass or fail
};

struct Chain {
  std::deque<dkim::Claim> claims;  // what the sets point to
  std::vector<Set> sets;           // from instance 1; also beside a fault, as far as they could be told apart
  std::optional<dkim::Fault> fault;
  int fault_instance = 0;  // 0: of no one set
  bool present() const { return !sets.empty() || fault; }
};

// Section 5.2 steps 1 to 3 without looking at signatures: the sets are complete, their instances are 1 to N
// without a gap, N is at most `most`, cv is none at 1 and pass after it.
Chain collect(const message::Message& mail, int most);

}  // namespace mailassay::arc
