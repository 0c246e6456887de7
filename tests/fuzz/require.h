// What must hold whatever the input is; a breach is a finding.
#pragma once

#include <cstdlib>

namespace mailassay::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace mailassay::fuzz
