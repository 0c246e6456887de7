// A mail judged on the spot; nothing is kept.
#include "http/api.h"
#include "http/problem.h"
#include "http/transport.h"
#include "journal/event.h"

#include <algorithm>
#include <array>

namespace mailassay::http {
namespace {

namespace json = boost::json;

// curl sends application/x-www-form-urlencoded unless told otherwise; a form of files is another matter.
bool may_be_a_mail(const std::string& media_type) {
  constexpr std::array<std::string_view, 6> kTypes = {
      "",           "message/rfc822",           "message/global",
      "text/plain", "application/octet-stream", "application/x-www-form-urlencoded"};
  return std::ranges::find(kTypes, media_type) != kTypes.end();
}

std::optional<std::string> parameter(const Call& call, const char* name) {
  if (!call.request.has_param(name)) return std::nullopt;
  return call.request.get_param_value(name);
}

std::optional<Problem> why_not(const Call& call) {
  if (!may_be_a_mail(Transport::media_type(call.request))) {
    return Problem{415, "the body is not a mail by its Content-Type: send the raw mail as message/rfc822"};
  }
  if (call.body.empty()) return Problem{400, "the body is empty: send the raw mail as message/rfc822"};
  const auto ip = parameter(call, "ip");
  if (ip && !net::IpAddress::parse(*ip)) {
    return Problem{400, "parameter ip is not an IP address: write one such as 192.0.2.1 or 2001:db8::1"};
  }
  return std::nullopt;
}

json::object answer_of(const evaluation::Judged& judged, bool with_steps) {
  json::object answer = evaluation::to_json(judged.report);
  if (!with_steps) return answer;
  json::array steps;
  for (const auto& step : judged.steps) steps.push_back(journal::to_json(step, judged.report.message.id));
  answer["steps"] = std::move(steps);
  return answer;
}

}  // namespace

// Judges on a slot of its own; answers 503 or 504 when that cannot be.
std::optional<evaluation::Judged> Api::judge_now(Call& call, evaluation::Job job) {
  const auto slot = evaluations_.take();
  if (!slot) {
    call.response.set_header("Retry-After", "1");
    answer_problem(call.response, {503, "too many mails are being judged at this moment: try again"});
    return std::nullopt;
  }
  auto judged = services_.evaluate(std::move(job), options_.evaluation_deadline);
  ++counters_.evaluations;
  if (!judged)
    answer_problem(call.response, {504, "the DNS did not answer in time to judge this mail: try again"});
  return judged;
}

void Api::evaluate(Call& call) {
  if (const auto problem = why_not(call)) return answer_problem(call.response, *problem);
  evaluation::Job job;
  job.mail = std::move(call.body);
  job.ip = parameter(call, "ip");
  job.helo = parameter(call, "helo");
  job.mail_from = parameter(call, "mail_from");
  job.receiver = options_.domain;
  const auto judged = judge_now(call, std::move(job));
  if (!judged) return;
  const std::string steps = call.request.get_param_value("steps");
  answer_json(call.response, 200, answer_of(*judged, steps == "1" || steps == "true"));
}

}  // namespace mailassay::http
