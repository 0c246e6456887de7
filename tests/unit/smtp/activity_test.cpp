#include "smtp/activity.h"

#include "smtp/connection_limits.h"

#include <thread>

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

const auto loopback = *net::IpAddress::parse("127.0.0.1");
const auto outside = *net::IpAddress::parse("192.0.2.1");

TEST(Activity, RemembersOnlyPeersFromOutside) {
  Activity activity;
  activity.connected(loopback);
  EXPECT_EQ(activity.snapshot().connections, 1U);
  EXPECT_FALSE(activity.snapshot().last_from_outside.has_value());
  activity.connected(outside);
  EXPECT_TRUE(activity.snapshot().last_from_outside.has_value());
}

TEST(Activity, KeepsTheLast50Refusals) {
  Activity activity;
  for (int i = 0; i < 60; ++i) activity.refused(outside, "", {500 + i, "", {"no"}});
  const auto snapshot = activity.snapshot();
  EXPECT_EQ(snapshot.refused, 60U);
  ASSERT_EQ(snapshot.refusals.size(), 50U);
  EXPECT_EQ(snapshot.refusals.front().code, 510);
  EXPECT_EQ(snapshot.refusals.back().code, 559);
}

TEST(Activity, MasksSecrets) {
  Activity activity;
  activity.refused(outside, "AUTH PLAIN AGEAYg==", {502, "", {"no"}});
  EXPECT_EQ(activity.snapshot().refusals[0].command, "AUTH PLAIN ****");
}

TEST(Activity, CountsFromManyThreads) {
  Activity activity;
  const auto work = [&] {
    for (int i = 0; i < 1000; ++i) {
      activity.connected(outside);
      activity.refused(outside, "RCPT TO:<a@b>", {550, "", {"no"}});
    }
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
  EXPECT_EQ(activity.snapshot().connections, 2000U);
  EXPECT_EQ(activity.snapshot().refused, 2000U);
}

TEST(ConnectionLimits, CountInAllAndByAddress) {
  const auto limits = std::make_shared<ConnectionLimits>(3, 2);
  auto first = limits->take(outside);
  {
    const auto second = limits->take(outside);
    EXPECT_TRUE(second.has_value());
    EXPECT_FALSE(limits->take(outside).has_value()) << "two of one address";
    const auto other = limits->take(loopback);
    EXPECT_TRUE(other.has_value());
    EXPECT_FALSE(limits->take(std::nullopt).has_value()) << "three in all";
  }
  EXPECT_EQ(limits->count(), 1U);
  EXPECT_TRUE(limits->take(outside).has_value()) << "places were given back";
  EXPECT_FALSE(limits->wait_until_none(std::chrono::milliseconds(0)));
  first.reset();
  EXPECT_TRUE(limits->wait_until_none(std::chrono::milliseconds(0)));
}

}  // namespace
}  // namespace mailassay::smtp
