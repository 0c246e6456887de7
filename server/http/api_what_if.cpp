// A received mail judged again under other circumstances: another DNS, another client. Nothing is kept.
#include "evaluation/report_changes.h"
#include "http/api.h"
#include "http/circumstances.h"
#include "http/problem.h"
#include "intake/connection_json.h"
#include "journal/event.h"

#include <fmt/format.h>

namespace mailassay::http {

namespace json = boost::json;

json::object answer_rejudged(const evaluation::Judged& judged, const json::object& before) {
  json::object report = evaluation::to_json(judged.report);
  json::array steps;
  for (const auto& step : judged.steps) steps.push_back(journal::to_json(step, judged.report.message.id));
  auto changed = evaluation::changes(before, report);
  return {{"report", std::move(report)}, {"steps", std::move(steps)}, {"changed", std::move(changed)}};
}

// The job that would judge a received mail as it was; nothing (and a problem answered) if it is not judged
// yet.
std::optional<evaluation::Job> Api::job_of(Call& call, const store::Message& message) const {
  const auto connection = intake::read_connection(message.connection);
  auto mail = services_.store.mail(message.id);
  if (message.state != store::MessageState::judged || !connection || !mail) {
    answer_problem(call.response,
                   {409, fmt::format("the message is {}: only a judged one can be judged again",
                                     store::to_string(message.state))});
    return std::nullopt;
  }
  evaluation::Job job;
  job.mail = std::move(*mail);
  job.message_id = message.id;
  job.connection = *connection;
  job.receiver = options_.domain;
  job.at = message.received_at;  // so that what differs is the DNS, not an expired signature
  return job;
}

void Api::what_if(Call& call) {
  const auto message = message_of(call);
  if (!message) return;
  auto job = job_of(call, *message);
  if (!job) return;
  if (const auto problem = read_circumstances(call.body, LiveDns::yes, *job))
    return answer_problem(call.response, *problem);
  if (const auto judged = judge_now(call, std::move(*job)))
    answer_json(call.response, 200, answer_rejudged(*judged, report_of(*message)));
}

}  // namespace mailassay::http
