#include "trace/json.h"

#include <algorithm>
#include <ctime>

#include <fmt/format.h>

namespace mailassay::trace {
namespace {

// The length of the valid UTF-8 sequence at the start of text (RFC 3629), or 0.
std::size_t sequence_length(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = octet(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((octet(i) & 0xc0) != 0x80) return 0;
  const unsigned second = octet(1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second >= 0xa0;
  const bool beyond = first == 0xf4 && second >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

}  // namespace

std::string valid_utf8(std::string_view octets) {
  if (std::ranges::all_of(octets, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return std::string(octets);
  std::string text;
  text.reserve(octets.size());
  while (!octets.empty()) {
    const auto length = sequence_length(octets);
    if (length == 0) {
      text += "\xEF\xBF\xBD";
      octets.remove_prefix(1);
    } else {
      text.append(octets.substr(0, length));
      octets.remove_prefix(length);
    }
  }
  return text;
}

boost::json::value to_json(const Value& value) {
  struct Render {
    boost::json::value operator()(std::nullptr_t) const { return nullptr; }
    boost::json::value operator()(bool value) const { return value; }
    boost::json::value operator()(std::int64_t value) const { return value; }
    boost::json::value operator()(double value) const { return value; }
    boost::json::value operator()(const std::string& value) const {
      return boost::json::value(valid_utf8(value));
    }
    boost::json::value operator()(const List& values) const {
      boost::json::array array;
      for (const auto& value : values) array.push_back(to_json(value));
      return array;
    }
    boost::json::value operator()(const Facts& facts) const { return to_json(facts); }
  };
  return std::visit(Render{}, value.storage());
}

boost::json::object to_json(const Facts& facts) {
  boost::json::object object;
  for (const auto& fact : facts) object[fact.key] = to_json(fact.value);
  return object;
}

std::string to_rfc3339(TimePoint at) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
  const auto fraction = ((micros % 1000000) + 1000000) % 1000000;
  const std::time_t seconds = (micros - fraction) / 1000000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                     utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, fraction);
}

}  // namespace mailassay::trace
