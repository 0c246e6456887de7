// {"mail": base64, "name", "record": text or null for no such name, "dns": "ok" | "timeout" | "servfail",
// "at"} → what the topmost DKIM-Signature is worth, and whether the hash of the body and the signature fit.
#include "evaluation/dkim/base64.h"
#include "evaluation/dkim/verify.h"
#include "judge.h"
#include "support/run.h"
#include "support/steps.h"
#include "support/txt_resolver.h"

#include <stdexcept>

namespace {

using namespace mailassay;
namespace json = boost::json;

void add_record(test::TxtResolver& resolver, const json::object& given) {
  const auto name = differential::text(given, "name");
  const auto dns = differential::text(given, "dns");
  if (dns == "timeout")
    resolver.answer_with(name, dns::Status::timeout);
  else if (dns == "servfail")
    resolver.answer_with(name, dns::Status::servfail);
  else if (!given.at("record").is_null())
    resolver.add(name, differential::text(given, "record"));
}

// "true" or "false" for the topmost signature, empty if it came to no verification.
std::string verified(const trace::Recorder& recorder) {
  for (const auto& step : recorder.steps()) {
    if (step.kind == "dkim.result") break;
    if (step.kind != "dkim.verify") continue;
    for (const auto& fact : step.data)
      if (fact.key == "ok") return test::text_of(fact.value);
  }
  return "";
}

json::object judge(const json::object& given) {
  test::TxtResolver resolver;
  add_record(resolver, given);
  auto octets = dkim::decode_base64(differential::text(given, "mail"));
  if (!octets) throw std::runtime_error("the mail is not base64");
  const message::Message mail(std::move(*octets));
  const auto at = std::chrono::system_clock::from_time_t(given.at("at").as_int64());
  trace::Recorder recorder;
  const auto outcomes = test::run(dkim::verify(mail, resolver, {&recorder, trace::Phase::dkim}, at, {}));
  if (outcomes.empty())
    return {{"result", "none"}, {"cause", ""}, {"why", ""}, {"body", ""}, {"signature", ""}};
  const auto& first = outcomes.front();
  return {{"result", evaluation::to_string(first.result)},
          {"cause", first.cause},
          {"why", test::fact(recorder, "dkim.tags", "tag") + " " + test::fact(recorder, "dkim.tags", "why")},
          {"body", first.body_hash},
          {"signature", verified(recorder)}};
}

}  // namespace

int main() {
  return mailassay::differential::judge_lines(judge);
}
