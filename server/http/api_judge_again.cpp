// A received mail judged again past our cache. Nothing is kept: a message has exactly one verdict.
#include "http/api.h"
#include "http/problem.h"
#include "trace/json.h"

namespace mailassay::http {
namespace {

namespace json = boost::json;

// How long an answer may be kept; null where it is none, or not from where it should be.
json::value ttl_of(const dns::Answer& answer, bool counts) {
  if (!counts || dns::is_failure(answer.status)) return nullptr;
  return answer.ttl;
}

json::object told(const dns::Answer& answer) {
  json::array records;
  for (const auto& record : answer.records) records.emplace_back(trace::valid_utf8(record.to_string()));
  return {{"status", dns::to_string(answer.status)}, {"records", std::move(records)}};
}

json::object to_json(const evaluation::Held& held) {
  const auto& by_zone = *held.authoritative;
  const bool differs = held.differs();
  json::object entry{
      {"name", trace::valid_utf8(by_zone.name)},
      {"type", dns::to_string(by_zone.type)},
      {"server", trace::valid_utf8(by_zone.server)},
      {"instead", by_zone.instead.empty() ? json::value(nullptr) : json::value(by_zone.instead)},
      {"authoritative_ttl", ttl_of(by_zone, by_zone.authoritative)},
      {"resolver_ttl", ttl_of(*held.resolver, true)},
      {"held_for", held.held_for()},
      {"differs", differs}};
  if (differs) {
    entry["authoritative"] = told(by_zone);
    entry["resolver"] = told(*held.resolver);
  }
  return entry;
}

}  // namespace

void Api::judge_again(Call& call) {
  const auto message = message_of(call);
  if (!message) return;
  auto job = job_of(call, *message);
  if (!job) return;
  job->fresh = true;
  const auto judged = judge_now(call, std::move(*job));
  if (!judged) return;
  json::object answer = answer_rejudged(*judged, report_of(*message));
  json::array held;
  for (const auto& entry : judged->held) held.push_back(to_json(entry));
  answer["held"] = std::move(held);
  answer_json(call.response, 200, answer);
}

}  // namespace mailassay::http
