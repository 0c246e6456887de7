// Any text as a key record, loaded into libcrypto: a usable key or a fault, never both.
#include "evaluation/dkim/key_set.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const mailassay::dkim::KeyCandidate candidate(std::string(reinterpret_cast<const char*>(data), size));
  if ((candidate.key == nullptr) != candidate.record.fault.has_value()) std::abort();
  return 0;
}
