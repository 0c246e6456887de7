#include "evaluation/dkim/base64.h"

#include <rapidcheck.h>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

TEST(Base64, IgnoresFoldsAndMissingPadding) {
  EXPECT_EQ(decode_base64("Zm9v\r\n YmE="), "fooba");
  EXPECT_EQ(decode_base64("Zm9vYmE"), "fooba");
  EXPECT_EQ(decode_base64("Zg = ="), "f");
  EXPECT_EQ(decode_base64(""), "");
}

TEST(Base64, RefusesOtherCharacters) {
  EXPECT_EQ(decode_base64("Zm9v!"), std::nullopt);
  EXPECT_EQ(decode_base64("Zg==Zg=="), std::nullopt);
  EXPECT_EQ(decode_base64("Zg==="), std::nullopt);
  EXPECT_EQ(decode_base64("Zm9vY"), std::nullopt);
  EXPECT_EQ(decode_base64("\xff"), std::nullopt);
}

TEST(Base64, RoundTrips) {
  EXPECT_TRUE(rc::check(
      [](const std::string& octets) { RC_ASSERT(decode_base64(encode_base64(octets)) == octets); }));
}

}  // namespace
}  // namespace mailassay::dkim
