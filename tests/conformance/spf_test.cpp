// The OpenSPF suite for RFC 7208: every case, results and explanations compared exactly.
#include "dns/name.h"
#include "dns/resolver.h"
#include "evaluation/spf/check_host.h"
#include "support/run.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <yaml-cpp/yaml.h>

#include <gtest/gtest.h>

namespace mailassay::spf {
namespace {

std::filesystem::path suite_path() {
  const char* given = std::getenv("MAILASSAY_CONFORMANCE");
  const std::filesystem::path folder = given != nullptr ? given : MAILASSAY_CONFORMANCE_DEFAULT;
  return folder / "spf" / "rfc7208-tests.yml";
}

struct Host {
  bool times_out = false;  // for every type that has no record of its own
  std::map<dns::Type, std::vector<dns::Record>> records;
};

std::vector<std::string> strings_of(const YAML::Node& node) {
  return node.IsSequence() ? node.as<std::vector<std::string>>() : std::vector{node.as<std::string>("")};
}

dns::Record record_of(dns::Type type, const YAML::Node& value) {
  dns::Record record;
  record.type = type;
  if (type == dns::Type::A || type == dns::Type::AAAA)
    record.data = net::IpAddress::parse(value.as<std::string>()).value();
  else if (type == dns::Type::MX)
    record.data = dns::MailExchanger{value[0].as<std::uint16_t>(),
                                     std::string(dns::without_trailing_dot(value[1].as<std::string>()))};
  else if (type == dns::Type::TXT)
    record.data = strings_of(value);
  else
    record.data = std::string(dns::without_trailing_dot(value.as<std::string>()));
  return record;
}

// One scenario's zonedata, as its README says to read it.
class SuiteResolver final : public dns::Resolver {
 public:
  explicit SuiteResolver(const YAML::Node& zonedata) {
    for (const auto& entry : zonedata) hosts_[dns::lower(entry.first.as<std::string>())] = read(entry.second);
  }

  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override {
    auto answer = std::make_shared<dns::Answer>();
    answer->name = name;
    answer->type = type;
    fill(*answer, dns::lower(dns::without_trailing_dot(name)), type);
    co_return answer;
  }

 private:
  static Host read(const YAML::Node& entries) {
    Host host;
    bool has_txt = false;
    for (const auto& entry : entries) has_txt = has_txt || (entry.IsMap() && entry["TXT"]);
    for (const auto& entry : entries) {
      if (!entry.IsMap()) {
        host.times_out = true;
        continue;
      }
      const auto key = entry.begin()->first.as<std::string>();
      const auto value = entry.begin()->second;
      if (key == "SPF" && has_txt) continue;
      if (value.IsScalar() && value.as<std::string>() == "NONE") continue;
      const auto type = type_of(key);
      host.records[type].push_back(record_of(type, value));
    }
    return host;
  }

  static dns::Type type_of(const std::string& key) {
    static const std::map<std::string, dns::Type> kTypes{
        {"A", dns::Type::A},        {"AAAA", dns::Type::AAAA}, {"MX", dns::Type::MX},
        {"PTR", dns::Type::PTR},    {"TXT", dns::Type::TXT},   {"SPF", dns::Type::TXT},
        {"CNAME", dns::Type::CNAME}};
    return kTypes.at(key);
  }

  void fill(dns::Answer& answer, std::string name, dns::Type type) const {
    if (!dns::to_wire(name)) {
      answer.status = dns::Status::bad_name;
      return;
    }
    for (int hops = 0; hops < 8; ++hops) {
      const auto found = hosts_.find(name);
      if (found == hosts_.end()) {
        answer.status = name.starts_with("error.") ? dns::Status::timeout : dns::Status::nxdomain;
        return;
      }
      const auto& host = found->second;
      if (const auto records = host.records.find(type); records != host.records.end()) {
        answer.status = dns::Status::records;
        answer.records = records->second;
        return;
      }
      const auto alias = host.records.find(dns::Type::CNAME);
      if (alias == host.records.end()) {
        answer.status = host.times_out ? dns::Status::timeout : dns::Status::no_data;
        return;
      }
      name = dns::lower(alias->second.front().name());
    }
    answer.status = dns::Status::servfail;  // a CNAME loop
  }

  std::map<std::string, Host> hosts_;
};

Outcome run_case(const YAML::Node& test, dns::Resolver& resolver) {
  Query query;
  query.ip = net::IpAddress::parse(test["host"].as<std::string>()).value();
  query.helo = test["helo"].as<std::string>();
  query.mail_from = test["mailfrom"].as<std::string>();
  query.receiver = "receiver.example";
  trace::Recorder recorder;
  const evaluation::Limits limits;
  return test::run(check_host(query, resolver, {&recorder, trace::Phase::spf}, limits));
}

// Compares one case; true if it came out exactly right.
bool judge(const std::string& name, const YAML::Node& test, dns::Resolver& resolver) {
  const auto outcome = run_case(test, resolver);
  const auto wanted = strings_of(test["result"]);
  const std::string result(evaluation::to_string(outcome.result));
  bool right = std::find(wanted.begin(), wanted.end(), result) != wanted.end();
  EXPECT_TRUE(right) << name << ": " << result << " (" << outcome.cause << "), not " << wanted.front();
  if (test["explanation"]) {
    const auto explanation = outcome.explanation.value_or("DEFAULT");
    EXPECT_EQ(explanation, test["explanation"].as<std::string>()) << name;
    right = right && explanation == test["explanation"].as<std::string>();
  }
  return right;
}

TEST(Spf, OpenSpfSuite) {
  const auto path = suite_path();
  if (!std::filesystem::exists(path)) {
    if (std::getenv("CI") != nullptr) FAIL() << "no conformance data at " << path;
    GTEST_SKIP() << "no conformance data at " << path << "; set MAILASSAY_CONFORMANCE to its folder";
  }
  int cases = 0;
  int right = 0;
  for (const auto& scenario : YAML::LoadAllFromFile(path.string())) {
    if (!scenario["tests"]) continue;
    SuiteResolver resolver(scenario["zonedata"]);
    int own = 0;
    int own_right = 0;
    for (const auto& test : scenario["tests"]) {
      ++own;
      own_right += judge(test.first.as<std::string>(), test.second, resolver) ? 1 : 0;
    }
    std::cout << "  " << scenario["description"].as<std::string>() << ": " << own_right << '/' << own << '\n';
    cases += own;
    right += own_right;
  }
  std::cout << "spf: " << right << '/' << cases << '\n';
  EXPECT_EQ(cases, 203);
  EXPECT_EQ(right, cases);
}

}  // namespace
}  // namespace mailassay::spf
