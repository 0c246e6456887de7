#include "message/envelope.h"

#include <gtest/gtest.h>

namespace mailassay::message {
namespace {

TEST(DomainOf, IsWhatFollowsTheLastAt) {
  EXPECT_EQ(domain_of("a@Example.COM."), "example.com");
  EXPECT_EQ(domain_of("\"a@b\"@c.example"), "c.example");
  EXPECT_EQ(domain_of("postmaster"), "");
  EXPECT_EQ(domain_of(""), "");
  EXPECT_EQ(domain_of("a@"), "");
}

}  // namespace
}  // namespace mailassay::message
