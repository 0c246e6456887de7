// The live stream: a viewer reads the journal after its last number, and sleeps in the hub when it has all.
#include "http/api.h"
#include "http/problem.h"
#include "journal/event.h"

#include <limits>

#include <fmt/format.h>

namespace mailassay::http {
namespace {

using std::chrono::steady_clock;
constexpr std::size_t kBatch = 256;
// Longer would keep the thread of a viewer who left: only a look at the socket tells.
constexpr std::chrono::milliseconds kPatience{1000};

class Viewer {
 public:
  Viewer(const Services& services, Counters& counters, std::chrono::milliseconds heartbeat,
         store::Inbox inbox, store::JournalNumber after)
      : services_(services),
        counters_(counters),
        heartbeat_(heartbeat),
        inbox_(std::move(inbox)),
        last_(after) {}

  // Writes what there is, or waits a little. False: the viewer has gone.
  bool step(httplib::DataSink& sink) {
    if (!greeted_) return greet(sink);
    if (const auto events = services_.store.events(inbox_.id, last_, kBatch); !events.empty()) {
      return send(sink, events);
    }
    const auto wake = services_.hub.wait(inbox_.id, last_, std::min(kPatience, heartbeat_));
    if (wake == journal::Hub::Wake::stopping) return end(sink);
    if (wake == journal::Hub::Wake::gone) return say_gone(sink);
    if (wake == journal::Hub::Wake::patience) return idle(sink);
    return true;
  }

 private:
  bool greet(httplib::DataSink& sink) {
    greeted_ = true;
    return write(sink, "retry: 2000\n\n");
  }

  bool send(httplib::DataSink& sink, const std::vector<store::Event>& events) {
    std::string text;
    for (const auto& event : events) text += journal::to_sse(event);
    if (!write(sink, text)) return false;
    last_ = events.back().number;
    counters_.events_sent += events.size();
    return true;
  }

  bool idle(httplib::DataSink& sink) {
    if (!services_.inboxes.by_token(inbox_.token)) return say_gone(sink);
    if (steady_clock::now() - written_ >= heartbeat_) return write(sink, ": hb\n\n");
    return sink.is_writable();
  }

  bool say_gone(httplib::DataSink& sink) {
    return write(sink, fmt::format("id: {}\n{}", last_, journal::gone_sse())) && end(sink);
  }

  static bool end(httplib::DataSink& sink) {
    sink.done();
    return true;
  }

  bool write(httplib::DataSink& sink, const std::string& text) {
    written_ = steady_clock::now();
    return sink.write(text.data(), text.size());
  }

  const Services& services_;
  Counters& counters_;
  const std::chrono::milliseconds heartbeat_;
  const store::Inbox inbox_;
  store::JournalNumber last_;
  bool greeted_ = false;
  steady_clock::time_point written_;
};

}  // namespace

std::optional<std::uint64_t> after_of(Call& call) {
  // EventSource reconnects with its old query: the field is newer.
  const std::string last_id = call.request.get_header_value("Last-Event-ID");
  if (last_id.empty()) return number_parameter(call, "after", 0, std::numeric_limits<std::uint64_t>::max());
  const auto after = parse_number(last_id);
  if (!after) answer_problem(call.response, {400, "Last-Event-ID is not an event's number"});
  return after;
}

void Api::stream_events(Call& call) {
  const auto inbox = inbox_of(call);
  if (!inbox) return;
  const auto after = after_of(call);
  if (!after) return;
  const auto slot = viewers_.take();
  if (!slot) {
    call.response.set_header("Retry-After", "10");
    return answer_problem(call.response, {503, "too many viewers at this moment: try again"});
  }
  const auto viewer = std::make_shared<Viewer>(services_, counters_, options_.heartbeat, *inbox, *after);
  call.response.status = 200;
  call.response.set_header("X-Accel-Buffering", "no");
  call.response.set_chunked_content_provider(
      "text/event-stream",
      [viewer, slot](std::size_t, httplib::DataSink& sink) { return viewer->step(sink); });
}

}  // namespace mailassay::http
