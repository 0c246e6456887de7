// The scenario lab: mails with their DNS, to be judged as they are and otherwise.
#include "dns/zone.h"
#include "http/api.h"
#include "http/assets.h"
#include "http/circumstances.h"
#include "http/pages.h"
#include "http/problem.h"
#include "trace/json.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;
using scenario::Scenario;

// The language of ?language=, else of Accept-Language; nothing (and 400 answered) if there is no such
// catalogue.
std::optional<std::string> language_of(Call& call) {
  if (!call.request.has_param("language")) return preferred_language(call.request);
  auto language = call.request.get_param_value("language");
  if (assets::language_of(language) == language && !language.empty()) return language;
  answer_problem(call.response, {400, fmt::format("parameter language is none of {}",
                                                  fmt::join(assets::languages(), ", "))});
  return std::nullopt;
}

std::optional<Scenario> scenario_of(Call& call, std::string_view language) {
  auto scenario = scenario::load(call.captures.front(), language);
  if (!scenario)
    answer_problem(call.response,
                   {404, "there is no scenario of this name: GET /api/v1/scenarios lists them"});
  return scenario;
}

std::shared_ptr<const dns::Zone> zone_of(const scenario::Prepared& prepared) {
  auto zone = dns::Zone::parse(prepared.zone);
  if (!zone) throw std::runtime_error("an embedded zone cannot be read: " + zone.error().message);
  return *zone;
}

json::object summary(const Scenario& scenario) {
  return {{"name", scenario.name}, {"title", scenario.title}, {"lesson", scenario.lesson}};
}

}  // namespace

void Api::list_scenarios(Call& call) {
  const auto language = language_of(call);
  if (!language) return;
  json::array list;
  for (const auto& name : scenario::names()) list.push_back(summary(*scenario::load(name, *language)));
  answer_json(call.response, 200, json::object{{"scenarios", std::move(list)}});
}

void Api::show_scenario(Call& call) {
  const auto language = language_of(call);
  if (!language) return;
  const auto scenario = scenario_of(call, *language);
  if (!scenario) return;
  const auto& prepared = scenarios_.prepared(*scenario);
  auto answer = summary(*scenario);
  answer["ip"] = scenario->ip;
  answer["helo"] = scenario->helo;
  answer["mail_from"] = scenario->mail_from;
  answer["zone"] = prepared.zone;
  answer["mail"] = trace::valid_utf8(prepared.mail);
  answer_json(call.response, 200, answer);
}

void Api::judge_scenario(Call& call) {
  const auto scenario = scenario_of(call, "en");
  if (!scenario) return;
  const auto& prepared = scenarios_.prepared(*scenario);
  evaluation::Job job;
  job.mail = prepared.mail;
  job.message_id = scenario->name;
  job.ip = scenario->ip;
  job.helo = scenario->helo;
  job.mail_from = scenario->mail_from;
  job.rcpt_to = {std::string(scenario::Library::kRecipient)};
  job.receiver = options_.domain;
  job.zone = zone_of(prepared);
  auto as_asked = job;
  if (const auto problem = read_circumstances(call.body, LiveDns::no, as_asked))
    return answer_problem(call.response, *problem);
  const auto before = judge_now(call, std::move(job));
  if (!before) return;
  if (const auto judged = judge_now(call, std::move(as_asked)))
    answer_json(call.response, 200, answer_rejudged(*judged, evaluation::to_json(before->report)));
}

}  // namespace mailassay::http
