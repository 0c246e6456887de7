#include "net/own_addresses.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace mailassay::net {
namespace {

TEST(OwnAddresses, HaveLoopback) {
  const auto own = own_addresses();
  EXPECT_NE(std::find(own.begin(), own.end(), IpAddress::parse("127.0.0.1")), own.end());
}

}  // namespace
}  // namespace mailassay::net
