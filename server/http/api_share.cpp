// One message's story for whoever has its link: read-only, and masked here, not in the browser.
#include "http/api.h"
#include "http/masking.h"
#include "http/problem.h"
#include "intake/random_text.h"
#include "journal/event.h"
#include "journal/message_events.h"
#include "trace/json.h"

#include <future>

#include <fmt/format.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;

// Whether the body asks for a masked share, or why it is refused.
std::variant<bool, Problem> read_mask(const std::string& body) {
  boost::system::error_code error;
  const json::value value = json::parse(body.empty() ? "{}" : body, error);
  if (error || !value.is_object())
    return Problem{400, "the body is not a JSON object: send {} or {\"mask\": true}"};
  bool mask = true;
  for (const auto& [name, member] : value.get_object()) {
    if (name != "mask")
      return Problem{400, fmt::format("member \"{}\" is unknown: only mask may be given",
                                      trace::valid_utf8(std::string_view(name)))};
    if (!member.is_bool()) return Problem{400, "mask is neither true nor false"};
    mask = member.get_bool();
  }
  return mask;
}

// A message has one share of each kind: a second request gets the first one's link.
std::optional<store::Share> keep_share(store::Store& store, const store::Message& message, bool masked) {
  if (auto share = store.share_of(message.inbox, message.id, masked)) return share;
  std::promise<bool> kept;
  store.add_share(
      {intake::random_token(), message.inbox, message.id, masked, std::chrono::system_clock::now()},
      [&](bool ok) { kept.set_value(ok); });
  if (!kept.get_future().get()) throw std::runtime_error("the share cannot be kept; the disk may be full");
  return store.share_of(message.inbox, message.id, masked);
}

}  // namespace

void Api::share(Call& call) {
  const auto message = message_of(call);
  if (!message) return;
  const auto mask = read_mask(call.body);
  if (const auto* problem = std::get_if<Problem>(&mask)) return answer_problem(call.response, *problem);
  if (message->state != store::MessageState::judged) {
    return answer_problem(call.response,
                          {409, fmt::format("the message is {}: only a judged one can be shared",
                                            store::to_string(message->state))});
  }
  const auto share = keep_share(services_.store, *message, std::get<bool>(mask));
  const auto inbox = services_.inboxes.by_id(message->inbox);
  if (!share || !inbox)
    return answer_problem(call.response, {404, "the inbox expired or was deleted meanwhile"});
  call.response.set_header("Location", "/api/v1/shares/" + share->token);
  answer_json(call.response, 201,
              json::object{{"share_url", base_url(call) + "/s/" + share->token},
                           {"expires_at", trace::to_rfc3339(inbox->expires_at)}});
}

// What the link in the call shows; answers 404 when it shows nothing.
std::optional<Api::Shared> Api::shared_of(Call& call) const {
  const auto share = services_.store.share(call.captures.front());
  const auto inbox = share ? services_.inboxes.by_id(share->inbox) : std::nullopt;
  auto message = inbox ? services_.store.message(inbox->id, share->message) : std::nullopt;
  if (!message) {
    answer_problem(call.response, {404,
                                   "no share has this link: its inbox expired or was deleted, or it never "
                                   "existed"});
    return std::nullopt;
  }
  Shared shared{std::move(*message), {}, inbox->expires_at, std::nullopt};
  shared.story = journal::message_events(services_.store, shared.message);
  if (share->masked) shared.masking.emplace(*inbox, shared.message, shared.story);
  return shared;
}

void Api::show_share(Call& call) {
  const auto shared = shared_of(call);
  if (!shared) return;
  auto report = report_of(shared->message);
  if (shared->masking) shared->masking->mask(report);
  report["share"] = {{"masked", shared->masking.has_value()},
                     {"expires_at", trace::to_rfc3339(shared->expires_at)}};
  answer_json(call.response, 200, report);
}

void Api::stream_share(Call& call) {
  auto shared = shared_of(call);
  if (!shared) return;
  const auto after = after_of(call);
  if (!after) return;
  // EventSource comes back for ever, until a 204 tells it that nothing will follow.
  if (!shared->story.empty() && *after >= shared->story.back().number) {
    call.response.status = 204;
    return;
  }
  std::string text = "retry: 2000\n\n";
  for (auto& event : shared->story) {
    if (event.number <= *after) continue;
    if (shared->masking) shared->masking->mask(event);
    text += journal::to_sse(event);
  }
  call.response.status = 200;
  call.response.set_header("X-Accel-Buffering", "no");
  call.response.set_content(text, "text/event-stream");
}

}  // namespace mailassay::http
