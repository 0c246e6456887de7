// Any text as a date-time: nothing, or a moment that our clock can show, and that reads the same when
// written.
#include "fuzz/require.h"
#include "message/date_time.h"

#include <cstdint>
#include <cstdio>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  const auto at = message::parse_date_time({reinterpret_cast<const char*>(data), size});
  if (!at) return 0;
  const auto day = std::chrono::floor<std::chrono::days>(*at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(*at - day);
  const int year = static_cast<int>(date.year());
  fuzz::require(date.ok() && year >= 1899 && year <= 2262);
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (year > 2261 || year < 1900) return 0;  // a zone moved it over the end
  char written[64];
  std::snprintf(written, sizeof written, "%u %s %04d %02d:%02d:%02d +0000", static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], year,
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  fuzz::require(message::parse_date_time(written) == at);
  return 0;
}
