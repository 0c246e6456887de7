// Inboxes: made, shown, forgotten.
#include "http/api.h"
#include "http/problem.h"
#include "trace/json.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;

struct NewInbox {
  std::optional<net::IpAddress> assume_ip;
};

// The body of POST inboxes, or why it is refused. An empty body asks for nothing special.
std::variant<NewInbox, Problem> read_new_inbox(const std::string& body) {
  if (body.empty()) return NewInbox{};
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  if (error)
    return Problem{400,
                   fmt::format("the body is not JSON ({}): send an object such as {{}}", error.message())};
  if (!value.is_object())
    return Problem{400, "the body is not a JSON object: send {} or {\"assume_ip\": \"192.0.2.1\"}"};
  NewInbox wanted;
  for (const auto& [key, member] : value.get_object()) {
    if (key != "assume_ip") {
      return Problem{400, fmt::format("member \"{}\" is unknown: only assume_ip may be given",
                                      trace::valid_utf8(std::string_view(key)))};
    }
    if (member.is_null()) continue;
    if (member.is_string()) wanted.assume_ip = net::IpAddress::parse(std::string_view(member.get_string()));
    if (!wanted.assume_ip) {
      return Problem{400,
                     "assume_ip is not an IP address: write one such as \"192.0.2.1\" or \"2001:db8::1\""};
    }
  }
  return wanted;
}

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(trace::valid_utf8(text));
}

json::object summary(const store::Message& message) {
  return {{"id", message.id},
          {"from", text_or_null(message.from)},
          {"subject", text_or_null(message.subject)},
          {"bytes", message.bytes},
          {"received_at", trace::to_rfc3339(message.received_at)},
          {"state", store::to_string(message.state)},
          {"spf", text_or_null(message.spf)},
          {"dkim", text_or_null(message.dkim)},
          {"dmarc", text_or_null(message.dmarc)}};
}

bool is_loopback(const std::string& client) {
  const auto address = net::IpAddress::parse(client);
  return address && address->special_purpose() == "loopback";
}

}  // namespace

bool Api::may_create(Call& call) {
  if (is_loopback(call.client)) return true;
  const auto wait = creations_.spend(call.client);
  if (wait.count() == 0) return true;
  const auto seconds = (wait.count() + 999) / 1000;
  call.response.set_header("Retry-After", std::to_string(seconds));
  answer_problem(call.response,
                 {429, fmt::format("one client may create {} inboxes a minute: try again in {} s",
                                   options_.inboxes_a_minute, seconds)});
  return false;
}

void Api::create_inbox(Call& call) {
  const auto wanted = read_new_inbox(call.body);
  if (const auto* problem = std::get_if<Problem>(&wanted)) return answer_problem(call.response, *problem);
  if (!may_create(call)) return;
  const store::Inbox inbox = services_.inboxes.create(std::get<NewInbox>(wanted).assume_ip);
  ++counters_.inboxes_created;
  call.response.set_header("Location", "/api/v1/inboxes/" + inbox.token);
  answer_json(call.response, 201,
              json::object{{"address", inbox.local_part + "@" + options_.domain},
                           {"token", inbox.token},
                           {"watch_url", base_url(call) + "/w/" + inbox.token},
                           {"expires_at", trace::to_rfc3339(inbox.expires_at)}});
}

void Api::show_inbox(Call& call) {
  const auto inbox = inbox_of(call);
  if (!inbox) return;
  json::array messages;
  for (const auto& message : services_.store.messages(inbox->id)) messages.push_back(summary(message));
  answer_json(
      call.response, 200,
      json::object{{"address", inbox->local_part + "@" + options_.domain},
                   {"expires_at", trace::to_rfc3339(inbox->expires_at)},
                   {"assume_ip", inbox->assume_ip ? json::value(*inbox->assume_ip) : json::value(nullptr)},
                   {"messages", std::move(messages)}});
}

void Api::remove_inbox(Call& call) {
  const auto inbox = inbox_of(call);
  if (!inbox) return;
  services_.inboxes.remove(inbox->token);
  call.response.status = 204;
}

void Api::show_reachability(Call& call) {
  if (!inbox_of(call)) return;
  if (!services_.reachability) {
    return answer_problem(call.response,
                          {404, "this server does not know how it is reached: run mailassay doctor"});
  }
  const auto known = services_.reachability();
  if (!known)
    return answer_problem(call.response,
                          {504, "the DNS did not answer in time about this server: try again"});
  answer_json(call.response, 200, *known);
}

}  // namespace mailassay::http
