// The long poll for scripts: the next judged report, and whether it is what they expect.
#include "evaluation/expectation.h"
#include "http/api.h"
#include "http/problem.h"
#include "http/transport.h"

#include <fmt/format.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t kMaxSeconds = 600;
constexpr std::uint64_t kDefaultSeconds = 60;
constexpr std::size_t kBatch = 256;

// All ?expect= of the call; nothing (and 400 answered) if one cannot be read.
std::optional<std::vector<evaluation::Expectation>> expectations_of(Call& call) {
  std::vector<evaluation::Expectation> expectations;
  const auto [begin, end] = call.request.params.equal_range("expect");
  for (auto parameter = begin; parameter != end; ++parameter) {
    auto expectation = evaluation::Expectation::parse(parameter->second);
    if (expectation.has_error()) {
      answer_problem(call.response, {400, "parameter expect: " + expectation.error().message});
      return std::nullopt;
    }
    expectations.push_back(*expectation);
  }
  return expectations;
}

// Reads an inbox's journal for verdicts: their order is that of the judgements, whatever the order of
// arrival.
class VerdictReader {
 public:
  VerdictReader(store::Store& store, store::InboxId inbox) : store_(store), inbox_(inbox) {}

  // Only verdicts after that of `message`, whose story starts at the event `number`.
  void start_after(std::string message, store::JournalNumber number) {
    known_ = std::move(message);
    known_passed_ = false;
    last_ = number;
  }

  // The next judged message, nothing if none is yet.
  std::optional<store::Message> next() {
    while (true) {
      const auto events = store_.events(inbox_, last_, kBatch);
      if (events.empty()) return std::nullopt;
      for (const auto& event : events) {
        last_ = event.number;
        if (event.phase != trace::Phase::verdict || !is_new(event.message)) continue;
        auto message = store_.message(inbox_, event.message);
        if (message && !message->report.empty()) return message;
      }
    }
  }

  store::JournalNumber last() const { return last_; }

 private:
  bool is_new(const std::string& message) {
    if (message != known_) return known_passed_;
    known_passed_ = true;
    return false;
  }

  store::Store& store_;
  const store::InboxId inbox_;
  std::string known_;
  bool known_passed_ = true;
  store::JournalNumber last_ = 0;
};

enum class End { report, nothing, gone, stopping, client_left };

End wait_for_verdict(VerdictReader& reader, const Services& services, const store::Inbox& inbox,
                     steady_clock::time_point until, std::optional<store::Message>& found) {
  while (true) {
    if ((found = reader.next())) return End::report;
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) return End::nothing;
    switch (services.hub.wait(inbox.id, reader.last(), std::min(left, milliseconds(1000)))) {
      case journal::Hub::Wake::stopping:
        return End::stopping;
      case journal::Hub::Wake::gone:
        return End::gone;
      case journal::Hub::Wake::grown:
        break;
      case journal::Hub::Wake::patience:
        if (!Transport::peer_present()) return End::client_left;
        if (!services.inboxes.by_token(inbox.token)) return End::gone;
    }
  }
}

// 200, or 422 with the report and "unmet", a line for each expectation that does not hold.
void answer_report(Call& call, const store::Message& message,
                   const std::vector<evaluation::Expectation>& expectations) {
  json::object report = report_of(message);
  json::array unmet;
  for (const auto& expectation : expectations) {
    if (auto line = expectation.unmet(report)) unmet.emplace_back(std::move(*line));
  }
  const int status = unmet.empty() ? 200 : 422;
  if (!unmet.empty()) report["unmet"] = std::move(unmet);
  answer_json(call.response, status, report);
}

}  // namespace

void Api::wait_for_report(Call& call) {
  const auto inbox = inbox_of(call);
  if (!inbox) return;
  const auto seconds = number_parameter(call, "timeout", kDefaultSeconds, kMaxSeconds);
  if (!seconds) return;
  const auto expectations = expectations_of(call);
  if (!expectations) return;
  VerdictReader reader(services_.store, inbox->id);
  if (const std::string after = call.request.get_param_value("after"); !after.empty()) {
    const auto message = services_.store.message(inbox->id, after);
    if (!message) {
      return answer_problem(call.response, {400, "parameter after is not the id of a message in this inbox"});
    }
    reader.start_after(message->id, message->started);
  }
  const auto slot = viewers_.take();
  if (!slot) {
    call.response.set_header("Retry-After", "10");
    return answer_problem(call.response, {503, "too many viewers at this moment: try again"});
  }
  std::optional<store::Message> found;
  switch (wait_for_verdict(reader, services_, *inbox, steady_clock::now() + std::chrono::seconds(*seconds),
                           found)) {
    case End::report:
      return answer_report(call, *found, *expectations);
    case End::nothing:
    case End::client_left:
      call.response.status = 204;
      return;
    case End::gone:
      return answer_problem(call.response, {404, "the inbox expired or was deleted while waiting"});
    case End::stopping:
      call.response.set_header("Retry-After", "5");
      return answer_problem(call.response, {503, "the server is stopping: try again"});
  }
}

}  // namespace mailassay::http
