#include "journal/hub.h"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::journal {
namespace {

using namespace std::chrono_literals;
using Wake = Hub::Wake;

constexpr auto kLong = 60s;  // never waited for: something else wakes the waiter

TEST(Hub, KnowsWhatGrewBeforeTheWaiterCame) {
  Hub hub;
  hub.grown(1, 5);
  EXPECT_EQ(hub.wait(1, 4, kLong), Wake::grown);
}

TEST(Hub, PatienceEndsAWaitForNothing) {
  Hub hub;
  hub.grown(1, 5);
  EXPECT_EQ(hub.wait(1, 5, 1ms), Wake::patience);
  EXPECT_EQ(hub.wait(2, 0, 1ms), Wake::patience);
}

TEST(Hub, ALateSmallerNumberTakesNothingBack) {
  Hub hub;
  hub.grown(1, 5);
  hub.grown(1, 3);
  EXPECT_EQ(hub.wait(1, 4, kLong), Wake::grown);
}

TEST(Hub, WakesAWaiterWhenItsInboxGrows) {
  Hub hub;
  auto woken = std::async(std::launch::async, [&] { return hub.wait(7, 0, kLong); });
  hub.grown(8, 1);
  hub.grown(7, 1);
  EXPECT_EQ(woken.get(), Wake::grown);
}

TEST(Hub, GoneWakesAndIsRemembered) {
  Hub hub;
  auto woken = std::async(std::launch::async, [&] { return hub.wait(7, 0, kLong); });
  hub.gone(7);
  EXPECT_EQ(woken.get(), Wake::gone);
  EXPECT_EQ(hub.wait(7, 0, kLong), Wake::gone);
}

TEST(Hub, ForgetsLongGoneInboxesButNotTheOneSomeoneWaitsFor) {
  Hub hub;
  for (store::InboxId inbox = 1; inbox <= 200000; ++inbox) hub.gone(inbox);
  EXPECT_EQ(hub.wait(200000, 0, kLong), Wake::gone);
  EXPECT_EQ(hub.wait(1, 0, 1ms), Wake::patience);
}

TEST(Hub, StopWakesNowAndFromNowOn) {
  Hub hub;
  auto woken = std::async(std::launch::async, [&] { return hub.wait(7, 0, kLong); });
  hub.stop();
  EXPECT_EQ(woken.get(), Wake::stopping);
  hub.grown(7, 9);
  EXPECT_EQ(hub.wait(7, 0, kLong), Wake::stopping);
}

TEST(Hub, AThousandViewersAllSeeEveryNumber) {
  Hub hub;
  constexpr store::JournalNumber kLast = 50;
  std::vector<std::thread> viewers;
  std::atomic<int> complete = 0;
  for (int i = 0; i < 1000; ++i)
    viewers.emplace_back([&, inbox = store::InboxId(i % 10)] {
      store::JournalNumber seen = 0;
      while (seen < kLast && hub.wait(inbox, seen, kLong) == Wake::grown) ++seen;
      if (seen == kLast) ++complete;
    });
  for (store::JournalNumber number = 1; number <= kLast; ++number)
    for (store::InboxId inbox = 0; inbox < 10; ++inbox) hub.grown(inbox, number);
  for (auto& viewer : viewers) viewer.join();
  EXPECT_EQ(complete, 1000);
}

}  // namespace
}  // namespace mailassay::journal
