#include "trace/codec.h"

#include "trace/json.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <utility>

namespace mailassay::trace {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr auto kLastPhase = static_cast<std::uint8_t>(Phase::advice);

enum class Tag : std::uint8_t { null, no, yes, integer, real, text, list, facts };

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

std::int64_t microseconds(TimePoint at) {
  return std::chrono::floor<std::chrono::microseconds>(at.time_since_epoch()).count();
}

void put_octet(std::string* out, std::uint8_t octet) {
  out->push_back(static_cast<char>(octet));
}

void put_varint(std::string* out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) put_octet(out, static_cast<std::uint8_t>(value | 0x80));
  put_octet(out, static_cast<std::uint8_t>(value));
}

void put_text(std::string* out, std::string_view text) {
  put_varint(out, text.size());
  out->append(text);
}

class Encoder {
 public:
  Encoder(NameTable* names, std::string* out) : names_(names), out_(out) {}

  void head(const Step& step, std::int64_t since_last) {
    put_octet(out_, static_cast<std::uint8_t>(step.phase));
    put_varint(out_, names_->index_of(step.kind));
    put_varint(out_, zigzag(since_last));
  }

  void facts(const Facts& facts, int depth) {
    put_varint(out_, facts.size());
    for (const auto& fact : facts) {
      put_varint(out_, names_->index_of(fact.key));
      value(fact.value, depth + 1);
    }
  }

 private:
  void tag(Tag tag) { put_octet(out_, static_cast<std::uint8_t>(tag)); }

  void value(const Value& value, int depth) {
    std::visit([&](const auto& held) { put(held, depth); }, value.storage());
  }

  void put(std::nullptr_t, int) { tag(Tag::null); }
  void put(bool value, int) { tag(value ? Tag::yes : Tag::no); }
  void put(std::int64_t value, int) {
    tag(Tag::integer);
    put_varint(out_, zigzag(value));
  }
  void put(double value, int) {
    tag(Tag::real);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8)
      put_octet(out_, static_cast<std::uint8_t>(bits >> shift));
  }
  void put(const std::string& value, int) {
    tag(Tag::text);
    put_text(out_, value);
  }
  void put(const List& values, int depth) {
    if (depth > kCodecDepth) return tag(Tag::null);
    tag(Tag::list);
    put_varint(out_, values.size());
    for (const auto& element : values) value(element, depth + 1);
  }
  void put(const Facts& values, int depth) {
    if (depth > kCodecDepth) return tag(Tag::null);
    tag(Tag::facts);
    facts(values, depth);
  }

  NameTable* names_;
  std::string* out_;
};

// Reads a blob; after the first fault everything it gives is empty and fault() names it.
class Decoder {
 public:
  explicit Decoder(std::string_view blob) : rest_(blob), size_(blob.size()) {}

  std::optional<DecodeError> fault() const { return fault_; }

  std::uint8_t octet() {
    if (rest_.empty()) return fail("is cut"), std::uint8_t{0};
    const auto octet = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return octet;
  }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto next = octet();
      if (shift == 63 && next > 1) break;
      value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
      if ((next & 0x80) == 0) return value;
    }
    fail("has a number that is too long");
    return 0;
  }

  // How many things follow: each takes at least one octet, so no blob makes us reserve more than it holds.
  std::size_t count() {
    const auto value = varint();
    if (value > rest_.size()) return fail("counts more than it holds"), std::size_t{0};
    return static_cast<std::size_t>(value);
  }

  std::string_view text() {
    const auto length = count();
    const auto text = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return text;
  }

  void read_names() {
    names_.resize(count());
    for (auto& name : names_) name = valid_utf8(text());
  }

  const std::string& name() {
    static const std::string none;
    const auto index = varint();
    if (index >= names_.size()) return fail("refers to a name it does not have"), none;
    return names_[static_cast<std::size_t>(index)];
  }

  Phase phase() {
    const auto phase = octet();
    if (phase > kLastPhase) return fail("has an unknown phase"), Phase::connection;
    return static_cast<Phase>(phase);
  }

  boost::json::object facts(int depth) {
    boost::json::object object;
    const auto length = count();
    for (std::size_t i = 0; i < length && !fault_; ++i) {
      const auto& key = name();
      object[key] = value(depth + 1);
    }
    return object;
  }

  void end() {
    if (!fault_ && !rest_.empty()) fail("goes on after its last step");
  }

 private:
  void fail(const char* what) {
    if (!fault_)
      fault_ = DecodeError{"the batch of steps " + std::string(what) + " at octet " +
                           std::to_string(size_ - rest_.size())};
    rest_ = {};
  }

  boost::json::value value(int depth) {
    switch (static_cast<Tag>(octet())) {
      case Tag::null:
        return nullptr;
      case Tag::no:
        return false;
      case Tag::yes:
        return true;
      case Tag::integer:
        return unzigzag(varint());
      case Tag::real:
        return real();
      case Tag::text:
        return boost::json::value(valid_utf8(text()));
      case Tag::list:
        return list(depth);
      case Tag::facts:
        if (depth <= kCodecDepth) return facts(depth);
        fail("is nested too deep");
        return nullptr;
    }
    fail("has an unknown kind of value");
    return nullptr;
  }

  boost::json::value real() {
    std::uint64_t bits = 0;
    for (unsigned shift = 0; shift < 64; shift += 8) bits |= static_cast<std::uint64_t>(octet()) << shift;
    const auto value = std::bit_cast<double>(bits);
    if (!std::isfinite(value)) return nullptr;  // JSON has no word for it
    return value;
  }

  boost::json::value list(int depth) {
    if (depth > kCodecDepth) return fail("is nested too deep"), nullptr;
    boost::json::array array;
    const auto length = count();
    for (std::size_t i = 0; i < length && !fault_; ++i) array.push_back(value(depth + 1));
    return array;
  }

  std::string_view rest_;
  std::size_t size_;
  std::vector<std::string> names_;
  std::optional<DecodeError> fault_;
};

TimePoint time_point(std::int64_t micros) {
  using Micros = std::chrono::microseconds;
  constexpr auto limit = std::chrono::duration_cast<Micros>(TimePoint::duration::max()).count() - 1;
  return TimePoint(Micros(std::clamp(micros, -limit, limit)));
}

// Wraps as the encoder's subtraction did, so that a hostile distance is no undefined overflow.
std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

std::size_t NameTable::index_of(std::string_view name) {
  if (2 * (names_.size() + 1) > slots_.size()) make_room();
  const auto hash = reinterpret_cast<std::uintptr_t>(name.data()) * 0x9e3779b97f4a7c15U;
  for (auto at = static_cast<std::size_t>(hash >> 32);; ++at) {
    auto& slot = slots_[at & (slots_.size() - 1)];
    if (slot == 0) {
      names_.push_back(name);
      slot = static_cast<std::uint32_t>(names_.size());
      return names_.size() - 1;
    }
    const auto& known = names_[slot - 1];
    if (known.data() == name.data() && known.size() == name.size()) return slot - 1;
  }
}

void NameTable::make_room() {
  constexpr std::size_t kUsual = 256;  // a mail's steps have about a hundred
  slots_.assign(std::max(kUsual, 2 * slots_.size()), 0);
  for (const auto& name : std::exchange(names_, {})) index_of(name);
}

Batch::Batch(std::initializer_list<Step> steps) {
  for (const auto& step : steps) add(step);
}

Batch::Batch(const std::vector<Step>& steps) {
  for (const auto& step : steps) add(step);
}

void Batch::add(const Step& step) {
  const auto at = microseconds(step.at);
  if (entries_.empty()) {
    start_ = last_ = at;
    body_.reserve(2048);
  }
  Encoder encoder(&names_, &body_);
  encoder.head(step, at - last_);
  entries_.push_back({{step.number, step.parent}, body_.size()});
  encoder.facts(step.data, 0);
  last_ = at;
}

void Batch::write(std::span<const BatchNumber> parents, BatchNumber first, std::string* blob) const {
  put_octet(blob, kVersion);
  put_varint(blob, entries_.size());
  put_varint(blob, zigzag(start_));
  put_varint(blob, names_.names().size());
  for (const auto& name : names_.names()) put_text(blob, name);
  std::size_t written = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto number = first + i;
    const auto parent = i < parents.size() ? parents[i] : 0;
    blob->append(body_, written, entries_[i].facts - written);
    written = entries_[i].facts;
    put_varint(blob, parent != 0 && parent < number ? number - parent : 0);
  }
  blob->append(body_, written);
}

boost::system::result<std::vector<DecodedStep>, DecodeError> decode(std::string_view blob,
                                                                    BatchNumber first) {
  Decoder decoder(blob);
  if (const auto version = decoder.octet(); version != kVersion)
    return DecodeError{"the batch of steps has version " + std::to_string(version) + ", known is " +
                       std::to_string(kVersion)};
  std::vector<DecodedStep> steps(decoder.count());
  auto at = unzigzag(decoder.varint());
  decoder.read_names();
  for (std::size_t i = 0; i < steps.size() && !decoder.fault(); ++i) {
    auto& step = steps[i];
    step.number = first + i;
    step.phase = decoder.phase();
    step.kind = decoder.name();
    at = wrapping_add(at, unzigzag(decoder.varint()));
    step.at = time_point(at);
    const auto distance = decoder.varint();
    step.parent = distance < step.number ? step.number - distance : 0;
    if (distance == 0) step.parent = 0;
    step.data = decoder.facts(0);
  }
  decoder.end();
  if (auto fault = decoder.fault()) return *std::move(fault);
  return steps;
}

}  // namespace mailassay::trace
