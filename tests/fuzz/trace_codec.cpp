// Any octets as a batch of steps: an error or steps, and what was read can be written as JSON.
#include "trace/codec.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto steps = mailassay::trace::decode({reinterpret_cast<const char*>(data), size}, 1);
  if (!steps) return steps.error().message.empty() ? std::abort(), 0 : 0;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    const auto& step = (*steps)[i];
    if (step.number != i + 1 || step.parent >= step.number) std::abort();
    if (boost::json::serialize(step.data).empty()) std::abort();
  }
  return 0;
}
