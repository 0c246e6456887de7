#include "evaluation/mail_route.h"

#include "dns/name.h"
#include "evaluation/received_field.h"
#include "message/date_time.h"
#include "message/encoded_word.h"
#include "trace/json.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>

namespace mailassay::evaluation {
namespace {

constexpr std::size_t kMostHops = 50;
constexpr std::size_t kLongestName = 255;

using Time = std::optional<std::chrono::sys_seconds>;

trace::Value or_null(std::string_view text) {
  return text.empty() ? trace::Value(nullptr) : trace::Value(text.substr(0, kLongestName));
}

// The date is what follows the last semicolon; one in a comment is none, but then nothing is a date.
Time time_of(std::string_view value) {
  const auto semicolon = value.rfind(';');
  return semicolon == std::string_view::npos ? std::nullopt
                                             : message::parse_date_time(value.substr(semicolon + 1));
}

std::string without_comments(std::string_view line) {
  std::string text;
  int depth = 0;
  for (const char c : line) {
    depth += c == '(' ? 1 : 0;
    if (depth == 0) text += c;
    if (c == ')' && depth > 0) --depth;
  }
  return text;
}

// What follows "with", if it is a protocol: ESMTPS and its kin tell that the hop was encrypted.
std::string protocol_of(std::string_view value) {
  std::istringstream words(without_comments(message::unfold(value)));
  std::string word;
  while (words >> word && dns::lower(word) != "with") {
  }
  if (!(words >> word)) return {};
  word.resize(std::min(word.find(';'), word.size()));
  return dns::lower(word).find("mtp") == std::string::npos ? std::string() : word;
}

}  // namespace

void tell_route(const message::Message& mail, trace::Scope scope) {
  const auto fields = mail.all("Received");
  if (fields.empty()) return;
  trace::List hops;
  Time first;
  Time before;
  bool skewed = false;
  for (auto i = std::min(fields.size(), kMostHops); i-- > 0;) {
    const auto value = fields[i]->value;
    const auto hop = parse_received(value);
    const auto at = time_of(value);
    const auto delay = at && before ? std::optional((*at - *before).count()) : std::nullopt;
    skewed = skewed || delay.value_or(0) < 0;
    if (!first) first = at;
    if (at) before = at;
    hops.emplace_back(trace::Facts{{"from", or_null(hop.helo)},
                                   {"by", or_null(hop.by)},
                                   {"ip", hop.ip ? trace::Value(hop.ip->to_string()) : trace::Value(nullptr)},
                                   {"with", or_null(protocol_of(value))},
                                   {"at", at ? trace::Value(trace::to_rfc3339(*at)) : trace::Value(nullptr)},
                                   {"delay_seconds", delay ? trace::Value(*delay) : trace::Value(nullptr)}});
  }
  const auto span = first ? trace::Value((*before - *first).count()) : trace::Value(nullptr);
  scope.step("message.route", {{"count", fields.size()},
                               {"seconds", span},
                               {"skewed", skewed},
                               {"hops", std::move(hops)},
                               {"rfc", "5321 4.4"}});
}

}  // namespace mailassay::evaluation
