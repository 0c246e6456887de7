#include "support.h"
#include "support/rounds.h"

#include <optional>
#include <rapidcheck.h>

#include <gtest/gtest.h>

namespace mailassay::spf {
namespace {

std::string spf(const std::string& name, const std::string& record) {
  return name + " TXT \"" + record + "\"\n";
}

const std::string kHost = "example.com A 198.51.100.1\n";

TEST(Prefetch, ChangesNeitherCountsNorQuestions) {
  const std::vector<std::string> terms = {"a",
                                          "mx",
                                          "ptr",
                                          "a:x.example",
                                          "include:b.example",
                                          "include:c.example",
                                          "exists:%{i}.b.example",
                                          "include:none.example",
                                          "mx:b.example",
                                          "exists:b.example",
                                          "a:%{p}.c.example",
                                          "ip4:198.51.100.1"};
  const auto zone =
      kHost + "example.com MX 5 b.example\nb.example A 198.51.100.2\nb.example MX 5 nope.example\n" +
      spf("b.example", "v=spf1 a include:c.example mx ?all") +
      spf("c.example", "v=spf1 a:void.example redirect=d.example") +
      spf("d.example", "v=spf1 ip4:203.0.113.0/24 a -all") + "1.2.0.192.in-addr.arpa PTR b.example.\n";
  EXPECT_TRUE(rc::check("the same with and without a cache that prefetches", [&] {
    const auto count = *rc::gen::inRange(0, 9);
    const auto picked = *rc::gen::container<std::vector<std::string>>(count, rc::gen::elementOf(terms));
    std::string record = "v=spf1";
    for (const auto& term : picked) record += " " + term;
    const auto text = spf("example.com", record + " -all") + zone;
    const auto plain = judge(text, query("192.0.2.1", "user@example.com"));
    const auto cached = judge_with_cache(text, query("192.0.2.1", "user@example.com"));
    RC_ASSERT(plain.result() == cached.result());
    RC_ASSERT(plain.outcome.cause == cached.outcome.cause);
    RC_ASSERT(plain.outcome.lookups == cached.outcome.lookups);
    RC_ASSERT(plain.outcome.void_lookups == cached.outcome.void_lookups);
    RC_ASSERT(plain.questions() == cached.questions());
  }));
}

TEST(Prefetch, TakesTheLongestChainNotTheSum) {
  const auto zone =
      zone_of(spf("example.com", "v=spf1 include:a.example include:b.example include:c.example -all") +
              spf("a.example", "v=spf1 include:a2.example ?all") + spf("a2.example", "v=spf1 a ?all") +
              spf("b.example", "v=spf1 include:b2.example ?all") + spf("b2.example", "v=spf1 a ?all") +
              spf("c.example", "v=spf1 include:c2.example ?all") + spf("c2.example", "v=spf1 a ?all") +
              "a2.example A 198.51.100.1\nb2.example A 198.51.100.1\nc2.example A 198.51.100.1\n");
  boost::asio::io_context context;
  test::Rounds rounds(zone, context);
  const auto cache = dns::make_cache(context.get_executor(), rounds);
  trace::Recorder recorder;
  const evaluation::Limits limits;
  std::optional<Outcome> outcome;
  boost::asio::co_spawn(
      context,
      check_host(query("192.0.2.1", "user@example.com"), *cache, {&recorder, trace::Phase::spf}, limits),
      [&](std::exception_ptr, Outcome judged) { outcome = std::move(judged); });
  EXPECT_EQ(rounds.run().size(), 4U);  // the record, its includes, their includes, the addresses
  ASSERT_TRUE(outcome);
  EXPECT_EQ(evaluation::to_string(outcome->result), "fail");
  EXPECT_EQ(outcome->lookups, 9);
  for (const auto& step : recorder.steps())
    EXPECT_NE(fact(step.data, "cached"), "true") << fact(step.data, "name");
}

TEST(Prefetch, VerdictDoesNotWaitForWhatIsStillUnderWay) {
  const auto zone =
      zone_of(spf("example.com", "v=spf1 a include:slow.example ip4:192.0.2.1 -all") +
              "example.com A 192.0.2.1\n$DELAY slow.example 60000\n" + spf("slow.example", "v=spf1 -all"));
  boost::asio::io_context context;
  const auto live = dns::make_zone_resolver(zone);
  const auto cache = dns::make_cache(context.get_executor(), *live);
  trace::Recorder recorder;
  const evaluation::Limits limits;
  std::optional<Outcome> outcome;
  boost::asio::co_spawn(
      context,
      check_host(query("192.0.2.1", "user@example.com"), *cache, {&recorder, trace::Phase::spf}, limits),
      [&](std::exception_ptr, Outcome judged) {
        outcome = std::move(judged);
        context.stop();
      });
  context.run_for(std::chrono::seconds(10));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->matched, "a");
}

}  // namespace
}  // namespace mailassay::spf
