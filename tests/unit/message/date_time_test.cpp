#include "message/date_time.h"

#include <rapidcheck.h>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::message {
namespace {

std::optional<long long> seconds_of(std::string_view text) {
  const auto time = parse_date_time(text);
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

TEST(DateTime, ReadsWhatServersWrite) {
  constexpr long long kTwo = 1795485600;  // 2026-11-24T02:00:00Z
  for (const auto* text :
       {"Tue, 24 Nov 2026 02:00:00 +0000", " Tue, 24 Nov 2026\r\n 11:00:00 +0900 (KST)",
        "24 Nov 2026 02:00 GMT", "Mon, 23 Nov 2026 18:00:00 -0800 (Pacific Standard Time)",
        "tue,24 nov 26 02:00:00 Z", "Mon, 23 Nov 126 21:00:00 EST", "Tue, 24 Nov 2026 07:30:00 +0530",
        "Mon, 23 Nov 2026 19:00:00 PDT", "(a (nested) comment) Tue, 24 (of) Nov 2026 02:00:00 UT"})
    EXPECT_EQ(seconds_of(text), kTwo) << text;
  EXPECT_EQ(seconds_of("Thu, 31 Dec 1998 23:59:60 +0000"), 915148799);
  EXPECT_EQ(seconds_of("29 Feb 2024 00:00:00 +0000"), 1709164800);
}

TEST(DateTime, IsNothingWithoutADateAndAZone) {
  for (const auto* text :
       {"", " ", "yesterday", "Tue", "Tue, 24 Nov 2026 02:00:00", "Tue, 24 Nov 2026 02:00:00 KST",
        "29 Feb 2026 00:00:00 +0000", "24 Nov 2026 24:00:00 +0000", "24 Nov 2026 02:60:00 +0000",
        "24 Nov 2026 2 +0000", "-4 Nov 2026 02:00:00 +0000", "24 Nov 2026 02:00:00 +09:00",
        "2026-11-24T02:00:00Z", "24 Nov 99999 02:00:00 +0000", "(24 Nov 2026 02:00:00 +0000"})
    EXPECT_EQ(seconds_of(text), std::nullopt) << text;
}

// A step's time counts nanoseconds in 64 bits: farther years would be told as others.
TEST(DateTime, IsNothingBeyondOurClock) {
  for (const auto* year : {"0001", "1677", "1899", "2262", "2920", "9999", "999"})
    EXPECT_EQ(seconds_of("1 Jan " + std::string(year) + " 00:00:00 +0000"), std::nullopt) << year;
  for (const auto* year : {"1900", "2261"}) {
    const auto at = parse_date_time("1 Jan " + std::string(year) + " 00:00:00 +0000").value();
    const std::chrono::sys_time<std::chrono::nanoseconds> kept = at;
    EXPECT_EQ(std::chrono::floor<std::chrono::seconds>(kept), at) << year;
  }
}

TEST(DateTime, TakesAnyOctets) {
  EXPECT_TRUE(rc::check([](const std::string& text) { std::ignore = parse_date_time(text); }));
  std::ignore = parse_date_time(std::string(100000, '('));
  std::ignore = parse_date_time(std::string(100000, ' '));
}

}  // namespace
}  // namespace mailassay::message
