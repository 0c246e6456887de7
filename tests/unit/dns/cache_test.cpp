#include "dns/cache.h"

#include "scripted_resolver.h"
#include "support.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace mailassay::dns::test {
namespace {

namespace asio = boost::asio;

class CacheTest : public testing::Test {
 protected:
  AnswerPtr ask(std::string name, Type type = Type::TXT) {
    return mailassay::test::run(cache->query(std::move(name), type), context);
  }

  // Starts a question whose answer lands in `into`.
  void start(std::string name, AnswerPtr& into) {
    asio::co_spawn(context, cache->query(std::move(name), Type::TXT),
                   [&into](std::exception_ptr error, AnswerPtr answer) {
                     if (!error) into = std::move(answer);
                   });
  }

  void turn() {
    context.restart();
    context.poll();
  }

  asio::io_context context;
  ScriptedResolver upstream{context,
                            zone_of("a 60 TXT x\nb 60 TXT y\nc 60 TXT z\n$SERVFAIL broken\ne CNAME a\n")};
  std::unique_ptr<Resolver> cache = make_cache(context.get_executor(), upstream);
};

TEST_F(CacheTest, SecondAskerIsAnsweredFromTheCache) {
  const AnswerPtr first = ask("a");
  EXPECT_FALSE(first->from_cache);
  const AnswerPtr second = ask("A.");
  EXPECT_TRUE(second->from_cache);
  EXPECT_EQ(told(*second), "records \"x\"");
  EXPECT_EQ(second->server, "live");
  EXPECT_EQ(upstream.asked.size(), 1U);
}

TEST_F(CacheTest, TypesAreKeptApart) {
  ask("a", Type::TXT);
  EXPECT_EQ(told(*ask("a", Type::A)), "no_data");
  EXPECT_EQ(upstream.asked["a"], 2);
}

TEST_F(CacheTest, WhatWasParsedOnceIsThereForLaterHits) {
  ask("a")->parsed = 1;
  EXPECT_TRUE(ask("a")->parsed.has_value());
  ask("a")->parsed = 2;
  EXPECT_EQ(std::any_cast<int>(ask("a")->parsed), 2);
  EXPECT_EQ(ask("a"), ask("a"));  // one object: a hit copies nothing
}

TEST_F(CacheTest, NegativeAnswersAreKept) {
  EXPECT_EQ(told(*ask("nowhere")), "nxdomain");
  EXPECT_TRUE(ask("nowhere")->from_cache);
  EXPECT_EQ(upstream.asked["nowhere"], 1);
}

TEST_F(CacheTest, TtlZeroIsNotKept) {
  upstream.ttl = 0;
  ask("a");
  ask("a");
  ask("nowhere");
  ask("nowhere");
  EXPECT_EQ(upstream.asked["a"], 2);
  EXPECT_EQ(upstream.asked["nowhere"], 2);
}

TEST_F(CacheTest, TtlsAreCapped) {
  cache =
      make_cache(context.get_executor(), upstream, {10, std::chrono::seconds(0), std::chrono::seconds(0)});
  ask("a");
  ask("a");
  ask("nowhere");
  ask("nowhere");
  EXPECT_EQ(upstream.asked["a"], 2);
  EXPECT_EQ(upstream.asked["nowhere"], 2);
}

TEST_F(CacheTest, FailureIsForgottenAfterASecond) {
  EXPECT_EQ(told(*ask("broken")), "servfail");
  asio::steady_timer timer(context, std::chrono::milliseconds(1100));
  timer.wait();
  EXPECT_FALSE(ask("broken")->from_cache);
  EXPECT_EQ(upstream.asked["broken"], 2);
}

TEST_F(CacheTest, ExpiredAnswerIsAskedAgain) {
  upstream.ttl = 1;
  ask("a");
  EXPECT_TRUE(ask("a")->from_cache);
  asio::steady_timer timer(context, std::chrono::milliseconds(1100));
  timer.wait();
  EXPECT_FALSE(ask("a")->from_cache);
}

TEST_F(CacheTest, BoundedByDroppingTheLeastRecentlyUsed) {
  cache = make_cache(context.get_executor(), upstream, {.entries = 2});
  ask("a");
  ask("b");
  ask("a");
  ask("c");  // drops b
  EXPECT_TRUE(ask("a")->from_cache);
  EXPECT_FALSE(ask("b")->from_cache);
}

TEST_F(CacheTest, QuestionsUnderWayAreJoined) {
  upstream.held = true;
  AnswerPtr one, two;
  start("a", one);
  start("A", two);
  turn();
  EXPECT_EQ(one, nullptr);
  upstream.release();
  turn();
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one, two);
  EXPECT_FALSE(one->from_cache);  // both waited for the wire
  EXPECT_EQ(upstream.asked["a"] + upstream.asked["A"], 1);
}

TEST_F(CacheTest, PrefetchedAnswerIsNoOldOne) {
  cache->prefetch("a", Type::TXT);
  turn();
  cache->prefetch("a", Type::TXT);
  turn();
  EXPECT_FALSE(ask("a")->from_cache);
  EXPECT_TRUE(ask("a")->from_cache);
  EXPECT_EQ(upstream.asked["a"], 1);
}

TEST_F(CacheTest, QueryJoinsThePrefetchUnderWay) {
  upstream.held = true;
  cache->prefetch("a", Type::TXT);
  AnswerPtr answer;
  start("a", answer);
  turn();
  upstream.release();
  turn();
  ASSERT_NE(answer, nullptr);
  EXPECT_FALSE(answer->from_cache);
  EXPECT_TRUE(ask("a")->from_cache);
  EXPECT_EQ(upstream.asked["a"], 1);
}

TEST_F(CacheTest, CancelledAskerLeavesTheOthersWaiting) {
  upstream.held = true;
  asio::cancellation_signal signal;
  bool cancelled = false;
  asio::co_spawn(context, cache->query("a", Type::TXT),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, AnswerPtr) {
                   cancelled = error != nullptr;
                 }));
  AnswerPtr other;
  start("a", other);
  turn();
  signal.emit(asio::cancellation_type::terminal);
  turn();
  EXPECT_TRUE(cancelled);
  upstream.release();
  turn();
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(told(*other), "records \"x\"");
}

TEST_F(CacheTest, CacheMayGoWhileQuestionsAreUnderWay) {
  upstream.held = true;
  AnswerPtr answer, late;
  start("a", answer);
  turn();
  start("b", late);
  cache->prefetch("c", Type::TXT);
  turn();
  cache.reset();
  upstream.release();
  turn();
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(told(*answer), "records \"x\"");
}

TEST_F(CacheTest, ContextMayGoWhileQuestionsAreUnderWay) {
  auto other = std::make_unique<asio::io_context>();
  ScriptedResolver held(*other, zone_of("a TXT x"));
  held.held = true;
  auto kept = make_cache(other->get_executor(), held);
  asio::co_spawn(*other, kept->query("a", Type::TXT), asio::detached);
  other->poll();
  EXPECT_EQ(held.asked["a"], 1);
  kept.reset();
}

}  // namespace
}  // namespace mailassay::dns::test
