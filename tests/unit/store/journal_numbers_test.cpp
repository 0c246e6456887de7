#include "unit/store/temporary_store.h"

#include <map>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

namespace mailassay::store {
namespace {

using test::add_inbox;
using test::append;
using test::step;

struct Numbers : testing::Test {
  test::TemporaryFolder folder;
  std::unique_ptr<Store> store = open_sqlite_store(folder.path());

  void reopen() {
    store.reset();
    store = open_sqlite_store(folder.path());
  }
};

TEST_F(Numbers, StartAtOneInEachInboxAndHaveNoGaps) {
  const auto a = add_inbox(*store, "a");
  const auto b = add_inbox(*store, "b");
  const auto story = store->new_story();
  EXPECT_EQ(append(*store, a, story, {step(1, 0), step(2, 1)}), 1U);
  EXPECT_EQ(append(*store, b, story, {step(1, 0)}), 1U);
  EXPECT_EQ(append(*store, a, story, {step(3, 1)}), 3U);
  EXPECT_EQ(store->last_number(a), 3U);
  EXPECT_EQ(store->last_number(b), 1U);
}

TEST_F(Numbers, ParentsAreMappedPerInboxAndStory) {
  const auto inbox = add_inbox(*store, "a");
  const auto other_story = store->new_story();
  append(*store, inbox, other_story, {step(1, 0), step(2, 1), step(3, 2)});
  const auto story = store->new_story();
  append(*store, inbox, story, {step(1, 0), step(2, 1)});
  append(*store, inbox, story, {step(9, 2), step(4, 9), step(5, 77)});
  const auto events = store->events(inbox, 3, 100);
  ASSERT_EQ(events.size(), 5U);
  EXPECT_EQ(events[0].parent, 0U);
  EXPECT_EQ(events[1].parent, 4U);
  EXPECT_EQ(events[2].parent, 5U);
  EXPECT_EQ(events[3].parent, 6U);
  EXPECT_EQ(events[4].parent, 0U) << "an unknown parent makes a root";
}

TEST_F(Numbers, AnEndedStoryIsForgottenAndAnotherMayPointIntoTheJournal) {
  const auto inbox = add_inbox(*store, "a");
  const auto story = store->new_story();
  append(*store, inbox, story, {step(1, 0), step(2, 1)});
  store->end_story(story);
  store->flush();
  append(*store, inbox, story, {step(3, 2)});
  const auto restarted = store->new_story();
  store->map_step(inbox, restarted, 1, 2);
  append(*store, inbox, restarted, {step(2, 1)});
  const auto events = store->events(inbox, 2, 10);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].parent, 0U);
  EXPECT_EQ(events[1].parent, 2U);
}

TEST_F(Numbers, GoOnAfterAReopening) {
  const auto inbox = add_inbox(*store, "a");
  append(*store, inbox, store->new_story(), {step(1, 0), step(2, 1)});
  reopen();
  EXPECT_EQ(append(*store, inbox, store->new_story(), {step(1, 0)}), 3U);
}

TEST_F(Numbers, OfARemovedInboxAreZero) {
  const auto inbox = add_inbox(*store, "a");
  store->remove_inbox(inbox, {});
  EXPECT_EQ(append(*store, inbox, store->new_story(), {step(1, 0)}), 0U);
  EXPECT_EQ(append(*store, 4711, store->new_story(), {step(1, 0)}), 0U);
  EXPECT_NE(add_inbox(*store, "b"), inbox) << "viewers hold ids: none is used twice";
}

TEST_F(Numbers, StayGaplessWhenManyThreadsAppend) {
  constexpr int kThreads = 4;
  constexpr int kAppends = 500;
  const auto a = add_inbox(*store, "a");
  const auto b = add_inbox(*store, "b");
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&] {
      const auto story = store->new_story();
      for (trace::Number i = 1; i <= kAppends; ++i)
        store->append(i % 2 == 0 ? a : b, story, "m", {step(2 * i, 0), step(2 * i + 1, 2 * i)}, {});
    });
  for (auto& thread : threads) thread.join();
  store->flush();
  for (const auto inbox : {a, b}) {
    const auto events = store->events(inbox, 0, 100000);
    ASSERT_EQ(events.size(), static_cast<std::size_t>(kThreads * kAppends));
    for (std::size_t i = 0; i < events.size(); ++i) {
      ASSERT_EQ(events[i].number, i + 1);
      // Each append is a parent with its child right behind it: no other thread came between.
      ASSERT_EQ(events[i].parent, i % 2 == 0 ? 0 : i);
    }
  }
}

TEST_F(Numbers, EventsAreReadFromAnyPlaceInPieces) {
  const auto inbox = add_inbox(*store, "a");
  const auto neighbour = add_inbox(*store, "b");
  const auto story = store->new_story();
  append(*store, neighbour, story, {step(1, 0)});
  append(*store, inbox, story, {step(1, 0), step(2, 1), step(3, 1)}, "");
  append(*store, inbox, story, {step(4, 1), step(5, 4)}, "m2");
  const auto numbers = [&](JournalNumber after, std::size_t limit) {
    std::vector<JournalNumber> numbers;
    for (const auto& event : store->events(inbox, after, limit)) numbers.push_back(event.number);
    return numbers;
  };
  EXPECT_EQ(numbers(0, 10), (std::vector<JournalNumber>{1, 2, 3, 4, 5}));
  EXPECT_EQ(numbers(1, 3), (std::vector<JournalNumber>{2, 3, 4}));
  EXPECT_EQ(numbers(4, 10), (std::vector<JournalNumber>{5}));
  EXPECT_TRUE(numbers(5, 10).empty());
  EXPECT_TRUE(numbers(1ULL << 60, 10).empty());
  EXPECT_EQ(store->events(inbox, 3, 1).front().message, "m2");
}

TEST_F(Numbers, WatcherHearsOfEachInboxAfterItsCommit) {
  std::mutex mutex;
  std::map<InboxId, JournalNumber> heard;
  bool readable = true;
  store->watch([&](InboxId inbox, JournalNumber last) {
    const std::lock_guard lock(mutex);
    heard[inbox] = last;
    readable = readable && store->last_number(inbox) == last;
  });
  const auto a = add_inbox(*store, "a");
  const auto b = add_inbox(*store, "b");
  append(*store, a, store->new_story(), {step(1, 0), step(2, 0)});
  append(*store, b, store->new_story(), {step(1, 0)});
  store->flush();
  const std::lock_guard lock(mutex);
  EXPECT_EQ(heard, (std::map<InboxId, JournalNumber>{{a, 2}, {b, 1}}));
  EXPECT_TRUE(readable);
}

TEST_F(Numbers, AStepKeepsItsFacts) {
  const auto inbox = add_inbox(*store, "a");
  append(*store, inbox, store->new_story(),
         {{1, 0, test::at_seconds(1500), trace::Phase::dkim, "dkim.key", {{"bits", 2048}, {"text", "\xff"}}}},
         "m7");
  const auto event = store->events(inbox, 0, 1).front();
  EXPECT_EQ(event.message, "m7");
  EXPECT_EQ(event.at, test::at_seconds(1500));
  EXPECT_EQ(event.phase, trace::Phase::dkim);
  EXPECT_EQ(event.kind, "dkim.key");
  EXPECT_EQ(boost::json::serialize(event.data), "{\"bits\":2048,\"text\":\"\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace mailassay::store
