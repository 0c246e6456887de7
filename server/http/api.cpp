#include "http/api.h"

#include "http/problem.h"

#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace mailassay::http {

Api::Api(const Options& options, const Services& services, Counters& counters)
    : options_(options),
      services_(services),
      counters_(counters),
      creations_(options.inboxes_a_minute),
      viewers_(options.max_viewers),
      evaluations_(options.max_evaluations) {}

void Api::add_routes(Router& router) {
  const auto to = [this](void (Api::*endpoint)(Call&)) {
    return [this, endpoint](Call& call) { (this->*endpoint)(call); };
  };
  router.add("POST", "/api/v1/inboxes", to(&Api::create_inbox));
  router.add("GET", "/api/v1/inboxes/{token}", to(&Api::show_inbox));
  router.add("DELETE", "/api/v1/inboxes/{token}", to(&Api::remove_inbox));
  router.add("GET", "/api/v1/inboxes/{token}/reachability", to(&Api::show_reachability));
  router.add("GET", "/api/v1/inboxes/{token}/events", to(&Api::stream_events));
  router.add("GET", "/api/v1/inboxes/{token}/wait", to(&Api::wait_for_report));
  router.add("GET", "/api/v1/inboxes/{token}/messages/{id}", to(&Api::show_report));
  router.add("GET", "/api/v1/inboxes/{token}/messages/{id}/raw", to(&Api::show_raw));
  router.add("GET", "/api/v1/inboxes/{token}/messages/{id}/text", to(&Api::show_text));
  router.add("GET", "/api/v1/inboxes/{token}/messages/{id}/dkim/{n}/canonical", to(&Api::show_canonical));
  router.add("POST", "/api/v1/inboxes/{token}/messages/{id}/what-if", to(&Api::what_if));
  router.add("POST", "/api/v1/inboxes/{token}/messages/{id}/judge-again", to(&Api::judge_again));
  router.add("POST", "/api/v1/inboxes/{token}/messages/{id}/share", to(&Api::share));
  router.add("GET", "/api/v1/shares/{share}", to(&Api::show_share));
  router.add("GET", "/api/v1/shares/{share}/events", to(&Api::stream_share));
  router.add("GET", "/api/v1/scenarios", to(&Api::list_scenarios));
  router.add("GET", "/api/v1/scenarios/{name}", to(&Api::show_scenario));
  router.add("POST", "/api/v1/scenarios/{name}/judge", to(&Api::judge_scenario));
  router.add("POST", "/api/v1/evaluate", to(&Api::evaluate));
}

Gauges Api::gauges() const {
  return {services_.inboxes.size(), viewers_.taken()};
}

std::optional<store::Inbox> Api::inbox_of(Call& call) const {
  auto inbox = services_.inboxes.by_token(call.captures.front());
  if (!inbox) {
    answer_problem(call.response,
                   {404,
                    "no inbox has this token: it expired, was deleted, or never existed; create "
                    "one with POST /api/v1/inboxes"});
  }
  return inbox;
}

std::optional<store::Message> Api::message_of(Call& call) const {
  const auto inbox = inbox_of(call);
  if (!inbox) return std::nullopt;
  auto message = services_.store.message(inbox->id, call.captures[1]);
  if (!message) {
    answer_problem(call.response,
                   {404, "this inbox has no message with this id: GET the inbox to list its messages"});
  }
  return message;
}

std::string Api::base_url(const Call& call) const {
  std::string url = options_.public_url;
  if (url.empty()) url = "http://" + call.request.get_header_value("Host");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> number_parameter(Call& call, const char* name, std::uint64_t otherwise,
                                              std::uint64_t max) {
  if (!call.request.has_param(name)) return otherwise;
  const auto number = parse_number(call.request.get_param_value(name));
  if (number && *number <= max) return number;
  answer_problem(call.response,
                 {400, max == std::numeric_limits<std::uint64_t>::max()
                           ? fmt::format("parameter {} is not a whole number from 0", name)
                           : fmt::format("parameter {} is not a whole number from 0 to {}", name, max)});
  return std::nullopt;
}

}  // namespace mailassay::http
