// Each case of cases/*.yaml: a zone, a From field, what SPF and DKIM found, and what both RFCs answer.
#include "dns/zone.h"
#include "evaluation/dmarc/evaluate.h"
#include "support/run.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <yaml-cpp/yaml.h>

#include <gtest/gtest.h>

namespace mailassay::dmarc {
namespace {

using evaluation::Result;

struct Case {
  std::string file;
  std::string name;
  YAML::Node node;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name << " (RFC " << c.node["rfc"].as<std::string>() << ")";
}

std::vector<Case> load() {
  std::vector<Case> cases;
  for (const auto& entry : std::filesystem::directory_iterator(TEST_SOURCE_DIR "/cases")) {
    for (const auto& node : YAML::LoadFile(entry.path().string()))
      cases.push_back({entry.path().stem().string(), node["name"].as<std::string>(), node});
  }
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return cases;
}

Result result_of(const std::string& word) {
  for (const auto result : {Result::none, Result::neutral, Result::pass, Result::fail, Result::softfail,
                            Result::policy, Result::temperror, Result::permerror})
    if (evaluation::to_string(result) == word) return result;
  throw std::invalid_argument("no result word: " + word);
}

// "pass example.com"
std::pair<Result, std::string> identifier(const std::string& text) {
  const auto space = text.find(' ');
  return {result_of(text.substr(0, space)), space == std::string::npos ? "" : text.substr(space + 1)};
}

struct Answer {
  Outcomes outcomes;
  std::vector<trace::Step> steps;
};

std::string header_of(const YAML::Node& node) {
  if (!node["header"]) return "From: " + node["from"].as<std::string>() + "\r\n";
  bool changed = false;
  return message::with_crlf(node["header"].as<std::string>(), &changed);
}

Answer answer(const YAML::Node& node) {
  auto zone = dns::Zone::parse(node["zone"].as<std::string>(""));
  if (!zone) throw std::invalid_argument("zone line " + std::to_string(zone.error().line));
  const auto resolver = dns::make_zone_resolver(*zone);
  const message::Message mail(header_of(node) + "\r\nbody\r\n");
  std::optional<spf::Outcome> spf;
  if (const auto text = node["spf"].as<std::string>("none"); text != "not judged") {
    std::tie(spf.emplace().result, spf->domain) = identifier(text);
    if (node["spf_identity"].as<std::string>("") == "helo") spf->identity = spf::Identity::helo;
  }
  std::vector<dkim::Outcome> dkim;
  for (const auto& text : node["dkim"]) {
    dkim::Outcome outcome;
    std::tie(outcome.result, outcome.domain) = identifier(text.as<std::string>());
    dkim.push_back(outcome);
  }
  trace::Recorder recorder;
  auto outcomes = test::run(evaluate(author_of(mail), spf, dkim, *resolver,
                                     trace::Scope{&recorder, trace::Phase::dmarc}, evaluation::Limits{}));
  return {std::move(outcomes), recorder.steps()};
}

std::string word(bool value) {
  return value ? "true" : "false";
}

std::string value_of(const Outcome& outcome, const std::string& key) {
  if (key == "result") return std::string(evaluation::to_string(outcome.result));
  if (key == "policy") return outcome.policy;
  if (key == "disposition") return outcome.disposition;
  if (key == "cause") return outcome.cause;
  if (key == "from_domain") return outcome.from_domain;
  if (key == "organizational_domain") return outcome.organizational_domain;
  if (key == "policy_domain") return outcome.policy_domain;
  if (key == "spf_aligned") return word(outcome.spf.aligned);
  if (key == "dkim_aligned") {
    std::string words;
    for (const auto& one : outcome.dkim) words += (words.empty() ? "" : " ") + word(one.aligned);
    return words;
  }
  throw std::invalid_argument("no such expectation: " + key);
}

void expect_outcome(const Outcome& outcome, const YAML::Node& expected, const char* rfc) {
  for (const auto& entry : expected) {
    const auto key = entry.first.as<std::string>();
    EXPECT_EQ(value_of(outcome, key), entry.second.IsNull() ? "" : entry.second.as<std::string>())
        << rfc << ' ' << key;
  }
}

std::string text_of(const trace::Value& value) {
  const auto& storage = value.storage();
  if (const auto* text = std::get_if<std::string>(&storage)) return *text;
  if (const auto* flag = std::get_if<bool>(&storage)) return word(*flag);
  if (const auto* number = std::get_if<std::int64_t>(&storage)) return std::to_string(*number);
  if (const auto* list = std::get_if<trace::List>(&storage)) {
    std::string words;
    for (const auto& item : *list) words += (words.empty() ? "" : " ") + text_of(item);
    return words;
  }
  return "";
}

// "dmarc.differs why=test_mode"
bool has_step(const std::vector<trace::Step>& steps, const std::string& wanted) {
  const auto space = wanted.find(' ');
  const auto kind = wanted.substr(0, space);
  const auto equals = wanted.find('=');
  return std::any_of(steps.begin(), steps.end(), [&](const trace::Step& step) {
    if (step.kind != kind) return false;
    if (space == std::string::npos) return true;
    const auto key = wanted.substr(space + 1, equals - space - 1);
    return std::any_of(step.data.begin(), step.data.end(), [&](const trace::Fact& fact) {
      return fact.key == key && text_of(fact.value) == wanted.substr(equals + 1);
    });
  });
}

class DmarcCase : public testing::TestWithParam<Case> {};

TEST_P(DmarcCase, IsAnsweredAsBothRfcsWant) {
  const auto& node = GetParam().node;
  ASSERT_TRUE(node["rfc"]) << "each case names its section";
  ASSERT_TRUE(node["expect"]) << "each case expects something";
  const auto [outcomes, steps] = answer(node);
  expect_outcome(outcomes.rfc9989, node["expect"], "RFC 9989");
  if (node["rfc7489"]) expect_outcome(outcomes.rfc7489, node["rfc7489"], "RFC 7489");
  for (const auto& step : node["steps"])
    EXPECT_TRUE(has_step(steps, step.as<std::string>())) << "no step " << step.as<std::string>();
  for (const auto& step : node["no_steps"])
    EXPECT_FALSE(has_step(steps, step.as<std::string>())) << "a step " << step.as<std::string>();
}

INSTANTIATE_TEST_SUITE_P(Cases, DmarcCase, testing::ValuesIn(load()),
                         [](const auto& info) { return info.param.file + "_" + info.param.name; });

}  // namespace
}  // namespace mailassay::dmarc
