#include "support.h"
#include "trace/step.h"

namespace mailassay::dns::test {
namespace {

const trace::Value* fact(const trace::Step& step, std::string_view key) {
  for (const auto& fact : step.data)
    if (fact.key == key) return &fact.value;
  return nullptr;
}

template <typename T>
T value(const trace::Step& step, std::string_view key) {
  const auto* found = fact(step, key);
  EXPECT_NE(found, nullptr) << key;
  return found ? std::get<T>(found->storage()) : T{};
}

trace::Step told_step(std::string_view zone, std::string name, Type type) {
  const auto resolver = make_zone_resolver(zone_of(zone));
  trace::Recorder recorder;
  const trace::Scope scope{&recorder, trace::Phase::spf, 0};
  mailassay::test::run(ask(*resolver, scope, std::move(name), type));
  EXPECT_EQ(recorder.steps().size(), 1U);
  return recorder.steps().at(0);
}

TEST(Ask, TellsTheAnswerAsAStep) {
  const auto step = told_step("a CNAME b\nb 60 MX 10 mail.example", "a", Type::MX);
  EXPECT_EQ(step.kind, "dns.answer");
  EXPECT_EQ(value<std::string>(step, "name"), "a");
  EXPECT_EQ(value<std::string>(step, "type"), "MX");
  EXPECT_EQ(value<std::string>(step, "status"), "records");
  EXPECT_EQ(value<std::int64_t>(step, "count"), 1);
  EXPECT_EQ(value<std::int64_t>(step, "ttl"), 60);
  EXPECT_EQ(value<bool>(step, "ad"), false);
  EXPECT_EQ(value<bool>(step, "cached"), false);
  EXPECT_EQ(value<std::string>(step, "server"), "zone");
  EXPECT_EQ(value<double>(step, "ms"), 0.0);
  EXPECT_EQ(std::get<std::string>(value<trace::List>(step, "records").at(0).storage()), "10 mail.example.");
  EXPECT_EQ(std::get<std::string>(value<trace::List>(step, "aliases").at(0).storage()), "b");
}

TEST(Ask, HugeAnswersAreCountedNotShown) {
  std::string zone;
  for (int i = 0; i < 30; ++i) zone += "a A 192.0.2." + std::to_string(i) + "\n";
  const auto step = told_step(zone, "a", Type::A);
  EXPECT_EQ(value<trace::List>(step, "records").size(), 20U);
  EXPECT_EQ(value<std::int64_t>(step, "count"), 30);
}

TEST(Ask, LongRecordsAreCut) {
  const std::string string = " \"" + std::string(255, 'x') + "\"";
  const auto step = told_step("a TXT" + string + string + string, "a", Type::TXT);
  EXPECT_EQ(std::get<std::string>(value<trace::List>(step, "records").at(0).storage()).size(), 512 + 3U);
}

TEST(Ask, FailuresKeepTheirWord) {
  EXPECT_EQ(value<std::string>(told_step("$TIMEOUT a", "a", Type::A), "status"), "timeout");
  EXPECT_EQ(value<std::string>(told_step("", "a", Type::A), "status"), "nxdomain");
}

}  // namespace
}  // namespace mailassay::dns::test
