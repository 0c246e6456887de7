// Steps as JSON (the events of the API), and as compact batches for storage.
#pragma once

#include "trace/step.h"

#include <span>
#include <string>
#include <string_view>

#include <boost/json.hpp>

namespace mailassay::trace {

// The text with each invalid UTF-8 sequence replaced by U+FFFD.
std::string valid_utf8(std::string_view octets);

boost::json::value to_json(const Value& value);
boost::json::object to_json(const Facts& facts);

// RFC 3339 in UTC with microseconds: 2026-11-24T02:00:00.123456Z.
std::string to_rfc3339(TimePoint at);

}  // namespace mailassay::trace
