// A structured MIME value with its parameters (RFC 2045 section 5.1, RFC 2231), read leniently. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailassay::message {

struct ParameterizedValue {
  std::string value;                                        // "text/plain", lower-case
  std::vector<std::pair<std::string, std::string>> params;  // names lower-case, as written otherwise

  // The parameter's text as UTF-8: RFC 2231 charsets and continuations resolved, encoded words decoded;
  // empty if there is none.
  std::string parameter(std::string_view name) const;
};

// `field_value` may be folded.
ParameterizedValue parse_parameters(std::string_view field_value);

}  // namespace mailassay::message
