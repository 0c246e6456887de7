// ValiMail's suite of ARC chains (arc_test_suite), validation half.
#include "data.h"
#include "evaluation/arc/validate.h"
#include "support/run.h"
#include "support/txt_resolver.h"

#include <iostream>
#include <map>
#include <yaml-cpp/yaml.h>

#include <gtest/gtest.h>

namespace mailassay::arc {
namespace {

test::TxtResolver resolver_of(const YAML::Node& records) {
  test::TxtResolver resolver;
  for (const auto& record : records)
    resolver.add(record.first.as<std::string>(), record.second.as<std::string>());
  return resolver;
}

std::string result_of(const std::string& octets, dns::Resolver& resolver) {
  const message::Message mail(message::with_crlf(octets, nullptr));
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto outcome = test::run(validate(mail, resolver, {&recorder, trace::Phase::arc},
                                          std::chrono::system_clock::from_time_t(1500000000), limits));
  return std::string(evaluation::to_string(outcome.result));
}

// An empty cv leaves open what is said, as long as it is not pass.
bool agrees(const std::string& expected, const std::string& result) {
  if (expected.empty()) return result != "pass";
  std::string lower;
  for (const char c : expected)
    lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return lower == result;
}

TEST(ArcConformance, Valimail) {
  const auto folder = test::conformance_folder("arc");
  MAILASSAY_NEED_FOLDER(folder);
  int all = 0;
  int right = 0;
  for (const auto& scenario : YAML::LoadAllFromFile((folder / "arc-draft-validation-tests.yml").string())) {
    if (!scenario["tests"]) continue;
    auto resolver = resolver_of(scenario["txt-records"]);
    // A name that stands twice counts once, with its later message, as YAML readers take it.
    std::map<std::string, YAML::Node> tests;
    for (const auto& test : scenario["tests"]) tests[test.first.as<std::string>()].reset(test.second);
    for (const auto& [name, test] : tests) {
      const auto expected = test["cv"].as<std::string>("");
      const std::string result = result_of(test["message"].as<std::string>(""), resolver);
      ++all;
      if (agrees(expected, result))
        ++right;
      else
        ADD_FAILURE() << name << ": " << result << ", expected " << expected;
    }
  }
  std::cout << "arc: " << right << "/" << all << "\n";
  EXPECT_EQ(all, 171);
  EXPECT_EQ(right, all);
}

}  // namespace
}  // namespace mailassay::arc
