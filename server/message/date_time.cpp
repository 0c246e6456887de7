#include "message/date_time.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

namespace mailassay::message {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMostWords = 8;
constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

struct Zone {
  std::string_view name;
  int hours;
};
constexpr std::array<Zone, 12> kZones{{{"ut", 0},
                                       {"gmt", 0},
                                       {"utc", 0},
                                       {"z", 0},
                                       {"est", -5},
                                       {"edt", -4},
                                       {"cst", -6},
                                       {"cdt", -5},
                                       {"mst", -7},
                                       {"mdt", -6},
                                       {"pst", -8},
                                       {"pdt", -7}}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Lower-case, without comments, white space and commas.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  int depth = 0;
  for (const char c : text) {
    depth += c == '(' ? 1 : 0;
    const bool between = depth > 0 || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
    if (c == ')' && depth > 0) --depth;
    if (!between)
      words.back() += lower(c);
    else if (!words.back().empty() && words.size() == kMostWords)
      break;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::optional<int> number(std::string_view text, std::size_t shortest, std::size_t longest) {
  if (text.size() < shortest || text.size() > longest) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
  return value;
}

// RFC 5322 section 3.3 begins in 1900; a clock of 64 bits that counts nanoseconds ends in 2262.
constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2261;

// RFC 5322 section 4.3: two digits below 50 are of this century, others and three digits count from 1900.
std::optional<int> year(std::string_view text) {
  auto value = number(text, 2, 4);
  if (value && text.size() < 4) *value += text.size() == 2 && *value < 50 ? 2000 : 1900;
  return value && *value >= kFirstYear && *value <= kLastYear ? value : std::nullopt;
}

std::optional<unsigned> month(std::string_view text) {
  const auto* found = std::find(kMonths.begin(), kMonths.end(), text);
  if (found == kMonths.end()) return std::nullopt;
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

// "02:00:01", "02:00"; a leap second is the one before it.
std::optional<seconds> time_of_day(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto hour = number(text.substr(0, colon), 1, 2);
  auto rest = text.substr(colon + 1);
  const auto second_colon = rest.find(':');
  const auto minute = number(rest.substr(0, second_colon), 2, 2);
  const auto second =
      second_colon == std::string_view::npos ? std::optional(0) : number(rest.substr(second_colon + 1), 2, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(std::min(*second, 59));
}

std::optional<minutes> zone(std::string_view text) {
  if (text.size() == 5 && (text[0] == '+' || text[0] == '-')) {
    const auto hour = number(text.substr(1, 2), 2, 2);
    const auto minute = number(text.substr(3), 2, 2);
    if (!hour || !minute || *minute > 59) return std::nullopt;
    return (text[0] == '-' ? -1 : 1) * (minutes(*hour * 60) + minutes(*minute));
  }
  const auto* found =
      std::find_if(kZones.begin(), kZones.end(), [&](const Zone& known) { return known.name == text; });
  if (found == kZones.end()) return std::nullopt;
  return hours(found->hours);
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text) {
  auto words = words_of(text);
  if (!words.empty() && words.front().front() >= 'a') words.erase(words.begin());  // the day of the week
  if (words.size() < 5) return std::nullopt;
  const auto day = number(words[0], 1, 2);
  const auto of_month = month(words[1]);
  const auto of_year = year(words[2]);
  const auto time = time_of_day(words[3]);
  const auto offset = zone(words[4]);
  if (!day || !of_month || !of_year || !time || !offset) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*of_year), std::chrono::month(*of_month),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + *time - *offset;
}

}  // namespace mailassay::message
