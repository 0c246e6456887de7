#include "journal/event.h"

#include "trace/json.h"

namespace mailassay::journal {
namespace {

boost::json::value or_null(std::uint64_t number) {
  if (number == 0) return nullptr;
  return number;
}

boost::json::value or_null(const std::string& text) {
  if (text.empty()) return nullptr;
  return boost::json::value(text);
}

boost::json::object make(std::uint64_t id, std::uint64_t parent, const std::string& message,
                         trace::TimePoint at, trace::Phase phase, std::string_view kind,
                         boost::json::object data) {
  boost::json::object event;
  event.reserve(7);
  event["id"] = id;
  event["parent"] = or_null(parent);
  event["message"] = or_null(message);
  event["at"] = trace::to_rfc3339(at);
  event["phase"] = trace::to_string(phase);
  event["kind"] = kind;
  event["data"] = std::move(data);
  return event;
}

}  // namespace

boost::json::object to_json(const store::Event& event) {
  return make(event.number, event.parent, event.message, event.at, event.phase, event.kind, event.data);
}

boost::json::object to_json(const trace::Step& step, const std::string& message_id) {
  return make(step.number, step.parent, message_id, step.at, step.phase, step.kind,
              trace::to_json(step.data));
}

std::string to_sse(const store::Event& event) {
  std::string text = "id: " + std::to_string(event.number);
  text += event.phase == trace::Phase::verdict ? "\nevent: verdict\ndata: " : "\nevent: step\ndata: ";
  text += boost::json::serialize(to_json(event));  // one line: JSON escapes line ends
  text += "\n\n";
  return text;
}

std::string gone_sse() {
  return "event: gone\ndata: {}\n\n";
}

}  // namespace mailassay::journal
