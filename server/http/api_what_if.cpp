// A received mail judged again under other circumstances: another DNS, another client. Nothing is kept.
#include "dns/zone.h"
#include "evaluation/report_changes.h"
#include "http/api.h"
#include "http/problem.h"
#include "intake/connection_json.h"
#include "journal/event.h"
#include "trace/json.h"

#include <fmt/format.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;
using ZonePtr = std::shared_ptr<const dns::Zone>;

std::optional<Problem> read_zone(std::string_view member, const std::string& text, ZonePtr& zone) {
  auto parsed = dns::Zone::parse(text);
  if (!parsed)
    return Problem{400, fmt::format("{} line {}: {}", member, parsed.error().line,
                                    trace::valid_utf8(parsed.error().message))};
  zone = *parsed;
  return std::nullopt;
}

std::optional<Problem> read_member(std::string_view name, const std::string& text, evaluation::Job& job) {
  if (name == "zone") return read_zone(name, text, job.zone);
  if (name == "overlay") return read_zone(name, text, job.overlay);
  if (name == "helo") {
    job.helo = text;
  } else if (name == "mail_from") {
    job.mail_from = text;
  } else if (name != "ip") {
    return Problem{
        400, fmt::format("member \"{}\" is unknown: zone or overlay, ip, helo and mail_from may be given",
                         trace::valid_utf8(name))};
  } else if (!net::IpAddress::parse(text)) {
    return Problem{400, "ip is not an IP address: write one such as \"192.0.2.1\" or \"2001:db8::1\""};
  } else {
    job.ip = text;
  }
  return std::nullopt;
}

// What the body asks to be otherwise, or why it is refused.
std::optional<Problem> read_circumstances(const std::string& body, evaluation::Job& job) {
  boost::system::error_code error;
  const json::value value = json::parse(body.empty() ? "{}" : body, error);
  if (error || !value.is_object())
    return Problem{400,
                   "the body is not a JSON object: send one such as {\"overlay\": \"example.com TXT ...\"}"};
  for (const auto& [name, member] : value.get_object()) {
    if (member.is_null()) continue;
    if (!member.is_string())
      return Problem{400, fmt::format("{} is not a string", trace::valid_utf8(std::string_view(name)))};
    if (auto problem = read_member(name, std::string(member.get_string()), job)) return problem;
  }
  if (job.zone && job.overlay)
    return Problem{400,
                   "zone and overlay exclude each other: a zone is the whole DNS, an overlay replaces parts"};
  return std::nullopt;
}

}  // namespace

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
  if (const auto problem = read_circumstances(call.body, *job))
    return answer_problem(call.response, *problem);
  if (const auto judged = judge_now(call, std::move(*job)))
    answer_json(call.response, 200, answer_rejudged(*judged, report_of(*message)));
}

}  // namespace mailassay::http
