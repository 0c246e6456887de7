#include "http/counters.h"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace mailassay::http {
namespace {

void add(std::string& text, std::string_view name, std::string_view type, std::string_view help,
         std::uint64_t value) {
  fmt::format_to(std::back_inserter(text), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type,
                 value);
}

}  // namespace

std::string to_prometheus(const Counters& counters, const Gauges& gauges) {
  std::string text;
  add(text, "mailassay_inboxes", "gauge", "Living inboxes.", gauges.inboxes);
  add(text, "mailassay_viewers", "gauge", "Open event streams and long polls.", gauges.viewers);
  add(text, "mailassay_inboxes_created_total", "counter", "Inboxes created over HTTP.",
      counters.inboxes_created);
  add(text, "mailassay_http_evaluations_total", "counter", "Mails judged by POST /api/v1/evaluate.",
      counters.evaluations);
  add(text, "mailassay_events_sent_total", "counter", "Events sent to viewers.", counters.events_sent);
  text +=
      "# HELP mailassay_http_requests_total Answers by class of status code.\n"
      "# TYPE mailassay_http_requests_total counter\n";
  for (std::size_t i = 0; i < counters.answers.size(); ++i) {
    fmt::format_to(std::back_inserter(text), "mailassay_http_requests_total{{class=\"{}xx\"}} {}\n", i + 1,
                   counters.answers[i].load());
  }
  return text;
}

}  // namespace mailassay::http
