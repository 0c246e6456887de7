#include "http/rate_limit.h"
#include "http/router.h"
#include "http/slots.h"
#include "http/thread_queue.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace mailassay::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RateLimit, PermitsComeBackEvenly) {
  RateLimit limit(60);
  const RateLimit::Clock::time_point start{};
  for (int i = 0; i < 60; ++i) EXPECT_EQ(limit.spend("a", start).count(), 0) << i;
  EXPECT_EQ(limit.spend("a", start), milliseconds(1000));
  EXPECT_EQ(limit.left_to_wait("a", start), milliseconds(1000));
  EXPECT_EQ(limit.spend("b", start).count(), 0);
  EXPECT_EQ(limit.left_to_wait("a", start + seconds(1)).count(), 0);
  EXPECT_EQ(limit.spend("a", start + seconds(1)).count(), 0);
  EXPECT_GT(limit.spend("a", start + seconds(1)).count(), 0);
}

TEST(RateLimit, WaitingLongGivesNoMoreThanAMinutesWorth) {
  RateLimit limit(2);
  const RateLimit::Clock::time_point start{};
  EXPECT_EQ(limit.spend("a", start).count(), 0);
  const auto later = start + std::chrono::hours(5);
  EXPECT_EQ(limit.spend("a", later).count(), 0);
  EXPECT_EQ(limit.spend("a", later).count(), 0);
  EXPECT_EQ(limit.spend("a", later), milliseconds(30000));
}

TEST(Slots, APlaceIsFreeAgainWhenItsHolderIsGone) {
  Slots slots(2);
  auto first = slots.take();
  const auto second = slots.take();
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(slots.take());
  EXPECT_EQ(slots.taken(), 2U);
  first.reset();
  EXPECT_TRUE(slots.take());
}

TEST(Segments, AreWhatStandsBetweenSlashes) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(segments_of("/"), Parts{""});
  EXPECT_EQ(segments_of("/a/b"), (Parts{"a", "b"}));
  EXPECT_EQ(segments_of("/a//"), (Parts{"a", "", ""}));
  EXPECT_EQ(segments_of(""), Parts{});
}

TEST(Router, CapturesWholeSegments) {
  Router router;
  std::vector<std::string> captured;
  router.add("GET", "/i/{token}/m/{id}", [&](Call& call) { captured = call.captures; });
  httplib::Request request;
  httplib::Response response;
  request.method = "HEAD";
  const auto route = [&](const std::string& path) {
    request.path = path;
    Call call{request, response, {}, {}, {}};
    return router.route(call);
  };
  EXPECT_TRUE(route("/i/abc/m/17"));
  EXPECT_EQ(captured, (std::vector<std::string>{"abc", "17"}));
  EXPECT_FALSE(route("/i//m/17"));
  EXPECT_FALSE(route("/i/abc/m/17/"));
  EXPECT_FALSE(route("/i/abc"));
}

TEST(ThreadQueue, ThreadsGrowToTheBoundThenTasksWaitThenAreRefused) {
  ThreadQueue queue(2);
  std::promise<void> leave;
  const auto gate = leave.get_future().share();
  std::atomic<int> ran = 0, refused = 0;
  const auto task = [&] {
    if (ThreadQueue::refusing()) {
      ++refused;
      return;
    }
    gate.wait();
    ++ran;
  };
  for (int i = 0; i < 6; ++i) queue.enqueue(task);  // 2 run, 2 wait, 2 are refused on this thread
  EXPECT_EQ(refused, 2);
  EXPECT_TRUE(queue.crowded());
  EXPECT_FALSE(ThreadQueue::refusing());
  leave.set_value();
  queue.shutdown();
  EXPECT_EQ(ran, 4);
  queue.enqueue(task);
  EXPECT_EQ(refused, 3);
}

TEST(ThreadQueue, AnIdleThreadIsUsedAgain) {
  ThreadQueue queue(1);
  for (int i = 0; i < 3; ++i) {
    std::promise<void> done;
    queue.enqueue([&] { done.set_value(); });
    done.get_future().wait();
  }
  EXPECT_FALSE(ThreadQueue::refusing());
}

}  // namespace
}  // namespace mailassay::http
