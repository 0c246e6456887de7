#include "cli/commands.h"
#include "config/options.h"

#include <charconv>
#include <ctime>

#include <fmt/format.h>

namespace mailassay::cli {

std::int64_t parse_time(const std::string& text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error == std::errc{} && end == text.data() + text.size()) return seconds;

  std::tm parts{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%d", &parts);
  bool good = rest != nullptr;
  if (good && (*rest == 'T' || *rest == 't' || *rest == ' ')) {
    rest = strptime(rest + 1, "%H:%M:%S", &parts);
    good = rest != nullptr;
    if (good && *rest == '.')
      for (++rest; *rest >= '0' && *rest <= '9';) ++rest;
  }
  if (good && (*rest == 'Z' || *rest == 'z')) {
    ++rest;
  } else if (good && *rest) {
    const char* zone = strptime(rest, "%z", &parts);
    good = zone != nullptr;
    if (good) rest = zone;
  }
  if (!good || *rest)
    throw config::BadOption(
        fmt::format("--at: '{}' is neither Unix seconds nor ISO 8601, such as 2026-11-24T02:00:00Z", text));
  const auto offset = parts.tm_gmtoff;  // timegm clears it
  return static_cast<std::int64_t>(timegm(&parts)) - offset;
}

}  // namespace mailassay::cli
