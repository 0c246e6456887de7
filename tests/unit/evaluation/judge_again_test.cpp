#include "evaluation/judge_again.h"

#include "dns/cache.h"
#include "dns/lasting.h"
#include "evaluation/evaluation_service.h"
#include "support/run.h"
#include "unit/dns/scripted_resolver.h"

#include <thread>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

using dns::Type;
using dns::test::ScriptedResolver;

Held held(const std::string& authoritative, const std::string& resolver, Type type = Type::TXT) {
  const auto answer = [&](const std::string& zone) {
    return std::make_shared<const dns::Answer>((*dns::Zone::parse(zone))->answer("a.example", type));
  };
  return {answer(authoritative), answer(resolver)};
}

TEST(Held, DiffersInStatusOrRecordsNotInOrderOrTtl) {
  const std::string two = "a.example 60 TXT \"one\"\na.example 60 TXT \"two\"\n";
  const std::string turned = "a.example 9 TXT \"two\"\na.example 9 TXT \"one\"\n";
  EXPECT_FALSE(held(two, turned).differs());
  EXPECT_TRUE(held(two, "a.example 60 TXT \"one\"\n").differs());
  EXPECT_TRUE(held(two, "").differs());
  EXPECT_TRUE(held("", "$NODATA a.example TXT\n").differs());
  EXPECT_FALSE(held("", "").differs());
  EXPECT_TRUE(held("a.example MX 10 x.example\n", "a.example MX 20 x.example\n", Type::MX).differs());
}

TEST(Held, LivesAsLongAsTheLongerTtl) {
  EXPECT_EQ(held("a.example 60 TXT \"new\"\n", "a.example 3000 TXT \"old\"\n").held_for(), 3000U);
  EXPECT_EQ(held("a.example 600 TXT \"new\"\n", "a.example 3 TXT \"old\"\n").held_for(), 600U);
}

// Two scripted sides, each behind a cache.
struct Sides {
  explicit Sides(const std::string& zone)
      : by_zone(std::make_shared<ScriptedResolver>(context, *dns::Zone::parse(zone))),
        by_resolver(std::make_shared<ScriptedResolver>(context, *dns::Zone::parse(zone))) {
    dns.authoritative = dns::make_cache(context.get_executor(), *by_zone);
    dns.configured = dns::make_cache(context.get_executor(), *by_resolver);
  }

  boost::asio::io_context context;
  std::shared_ptr<ScriptedResolver> by_zone, by_resolver;
  FreshDns dns;
};

TEST(SideBySide, TheResolverIsAskedWhileTheZoneIs) {
  Sides sides("a.example TXT \"here\"\n");
  sides.by_zone->held = true;
  SideBySide both(sides.dns);
  dns::AnswerPtr answer;
  boost::asio::co_spawn(sides.context, both.query("a.example", Type::TXT),
                        [&](std::exception_ptr, dns::AnswerPtr given) { answer = std::move(given); });
  sides.context.poll();
  EXPECT_EQ(sides.by_resolver->asked["a.example"], 1);
  EXPECT_EQ(answer, nullptr);  // the zone's answer is the one that counts
  sides.by_zone->release();
  sides.context.restart();
  sides.context.run();
  ASSERT_NE(answer, nullptr);
}

TEST(SideBySide, AheadOnlyTheZoneIsAsked) {
  Sides sides("a.example TXT \"here\"\n");
  SideBySide(sides.dns).prefetch("a.example", Type::TXT);
  sides.context.run();
  EXPECT_EQ(sides.by_zone->asked["a.example"], 1);
  EXPECT_TRUE(sides.by_resolver->asked.empty());
}

TEST(StillHeld, EachQuestionOfTheStepsOnceInOrder) {
  Sides sides("b.example TXT \"b\"\na.example MX 5 x.example\na.example TXT \"a\"\n");
  trace::Recorder recorder;
  const trace::Scope scope{&recorder, trace::Phase::spf};
  for (const auto& [name, type] : std::vector<std::pair<std::string, std::string>>{
           {"b.example", "TXT"}, {"a.example", "MX"}, {"B.example.", "TXT"}, {"a.example", "TXT"}}) {
    scope.step("spf.term", {{"name", "c.example"}, {"type", "TXT"}});
    scope.step("dns.answer", {{"name", name}, {"type", type}});
  }
  const auto held = test::run(still_held(recorder.steps(), sides.dns), sides.context);
  std::string told;
  for (const auto& entry : held)
    told += entry.authoritative->name + " " + dns::to_string(entry.resolver->type) + ", ";
  EXPECT_EQ(told, "b.example TXT, a.example MX, a.example TXT, ");
  EXPECT_EQ(sides.by_resolver->asked["b.example"], 1);
}

TEST(StillHeld, ManyQuestionsAreBounded) {
  Sides sides("");
  trace::Recorder recorder;
  const trace::Scope scope{&recorder, trace::Phase::spf};
  for (int i = 0; i < 1000; ++i)
    scope.step("dns.answer", {{"name", "n" + std::to_string(i) + ".example"}, {"type", "A"}});
  EXPECT_EQ(test::run(still_held(recorder.steps(), sides.dns), sides.context).size(), 200U);
}

// The service on a thread of its own, as the server has it; each name of `zone` may be slow.
std::optional<Judged> run_fresh(const std::string& zone, std::chrono::milliseconds deadline) {
  boost::asio::io_context context(1);
  auto guard = boost::asio::make_work_guard(context);
  const auto cached = dns::make_zone_resolver(*dns::Zone::parse(""));
  EvaluationService service(context, *cached);
  service.set_fresh_dns([&] {
    struct Layers {
      std::unique_ptr<dns::Resolver> zone, cache;
    };
    auto layers = std::make_shared<Layers>();
    layers->zone = dns::make_lasting(dns::make_zone_resolver(*dns::Zone::parse(zone)));
    layers->cache = dns::make_cache(context.get_executor(), *layers->zone);
    const std::shared_ptr<dns::Resolver> view(layers, layers->cache.get());
    return FreshDns{dns::make_lasting(view), dns::make_lasting(view)};
  });
  std::thread thread([&] { context.run(); });
  Job job;
  job.mail = "From: a@example.com\r\n\r\nHi\r\n";
  job.ip = "192.0.2.1";
  job.helo = "mail.example.com";
  job.mail_from = "a@example.com";
  job.fresh = true;
  auto judged = service.run(std::move(job), deadline);
  // What was under way goes on, or is dropped with the context.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  guard.reset();
  context.stop();
  thread.join();
  return judged;
}

const std::string kZone =
    "example.com TXT \"v=spf1 include:a.example include:b.example -all\"\na.example TXT \"v=spf1 "
    "ip4:192.0.2.1 "
    "-all\"\nb.example TXT \"v=spf1 -all\"\n";

TEST(FreshJob, IsJudgedByTheFreshDnsAndTellsWhatIsHeld) {
  const auto judged = run_fresh(kZone, std::chrono::seconds(20));
  ASSERT_TRUE(judged);
  EXPECT_EQ(to_string(judged->report.spf->result), "pass");
  EXPECT_GE(judged->held.size(), 4U);
}

TEST(FreshJob, EndsBeforeWhatItAskedAhead) {
  const auto judged = run_fresh(kZone + "$DELAY b.example 60000\n", std::chrono::seconds(20));
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->report.spf->matched, "include:a.example");
}

TEST(FreshJob, EndsAtTheDeadline) {
  EXPECT_FALSE(run_fresh(kZone + "$DELAY a.example 60000\n", std::chrono::milliseconds(100)));
  EXPECT_FALSE(run_fresh(kZone + "$DELAY example.com 120\n", std::chrono::milliseconds(100)));
}

}  // namespace
}  // namespace mailassay::evaluation
