// The result words of RFC 7208, RFC 8601 and RFC 9989.
#pragma once

#include <cstdint>
#include <string_view>

namespace mailassay::evaluation {

enum class Result : std::uint8_t { none, neutral, pass, fail, softfail, policy, temperror, permerror };
std::string_view to_string(Result result);

}  // namespace mailassay::evaluation
