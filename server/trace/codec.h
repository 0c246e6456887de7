// A batch of steps as one compact blob (about 80 octets a step), and back to what readers want: JSON.
//
// Layout, numbers as varints (LEB128, signed ones zigzag): version, count of steps, time of the first step in
// microseconds; the table of kinds and keys; then a step: phase, kind, time since the step before it,
// distance to its parent, its facts. A value is a tag and its octets.
#pragma once

#include "trace/step.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>
#include <boost/system/result.hpp>

namespace mailassay::trace {

// Numbers in the journal that a blob is kept in, from 1.
using BatchNumber = std::uint64_t;

// Lists and facts nested deeper are kept as null.
inline constexpr int kCodecDepth = 16;

// Appends the blob of `steps` to *blob. Their own numbers are not kept: step i is number first + i, and its
// parent is parents[i] (0, or less than its number; any other is kept as 0).
void encode(std::span<const Step> steps, std::span<const BatchNumber> parents, BatchNumber first,
            std::string* blob);

struct DecodedStep {
  BatchNumber number = 0;
  BatchNumber parent = 0;
  TimePoint at;  // to the microsecond
  Phase phase = Phase::connection;
  std::string kind;
  boost::json::object data;  // invalid UTF-8 is U+FFFD, a number that is not finite is null
};

struct DecodeError {
  std::string message;  // what is wrong, and where
};

// Any octets may be given: a blob that is cut or damaged is an error.
boost::system::result<std::vector<DecodedStep>, DecodeError> decode(std::string_view blob, BatchNumber first);

}  // namespace mailassay::trace
