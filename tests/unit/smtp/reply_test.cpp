#include "smtp/reply.h"

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

TEST(Reply, RepeatsCodeAndStatusOnEachLine) {
  EXPECT_EQ((Reply{214, "2.0.0", {"one", "two"}}).to_wire(), "214-2.0.0 one\r\n214 2.0.0 two\r\n");
  EXPECT_EQ((Reply{354, "", {"Go"}}).to_wire(), "354 Go\r\n");
  EXPECT_EQ((Reply{250, "2.0.0", {}}).to_wire(), "250 2.0.0 \r\n");
}

TEST(Reply, CannotBeSplitByWhatItEchoes) {
  EXPECT_EQ((Reply{550, "5.1.1", {"no \r\n250 ok\x7f\xc3\xa9"}}).to_wire(), "550 5.1.1 no ??250 ok???\r\n");
}

TEST(Reply, KeepsALineWithin512Octets) {
  const auto wire = Reply{550, "5.1.1", {std::string(600, 'x')}}.to_wire();
  EXPECT_EQ(wire.size(), 512U);
  EXPECT_TRUE(wire.ends_with("x...\r\n"));
  EXPECT_EQ((Reply{550, "5.1.1", {std::string(500, 'x')}}).to_wire().size(), 512U);
}

}  // namespace
}  // namespace mailassay::smtp
