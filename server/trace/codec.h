// A batch of steps as one compact blob (about 80 octets a step), and back to what readers want: JSON.
//
// Layout, numbers as varints (LEB128, signed ones zigzag): version, count of steps, time of the first step in
// microseconds; the table of kinds and keys; then a step: phase, kind, time since the step before it,
// distance to its parent, its facts. A value is a tag and its octets.
#pragma once

#include "trace/step.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
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

// The kinds and keys of a batch, each once. They are literals, so equal ones are nearly always one pointer:
// comparing that is enough, and one that stands twice does no harm.
class NameTable {
 public:
  // Where the name stands in names(), from 0; a new one is put at its end.
  std::size_t index_of(std::string_view name);
  const std::vector<std::string_view>& names() const { return names_; }

 private:
  void make_room();
  std::vector<std::string_view> names_;
  std::vector<std::uint32_t> slots_;  // a power of two, by hash, then the next free one: index + 1, or 0
};

// Steps, encoded as they come: before their numbers in the journal are known.
class Batch {
 public:
  // What a step is called by whoever emitted it.
  struct Place {
    Number number;
    Number parent;
  };

  Batch() = default;
  Batch(std::initializer_list<Step> steps);
  Batch(const std::vector<Step>& steps);

  void add(const Step& step);
  std::size_t size() const { return entries_.size(); }
  Place place(std::size_t i) const { return entries_[i].place; }

  // Appends the blob to *blob. Step i is number first + i there, and its parent is parents[i] (0, or less
  // than its number; any other is kept as 0).
  void write(std::span<const BatchNumber> parents, BatchNumber first, std::string* blob) const;

 private:
  struct Entry {
    Place place;
    std::size_t facts;  // where they begin in body_; the distance to the parent comes before them
  };
  NameTable names_;
  std::vector<Entry> entries_;
  std::string body_;
  std::int64_t start_ = 0;  // microseconds
  std::int64_t last_ = 0;
};

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
