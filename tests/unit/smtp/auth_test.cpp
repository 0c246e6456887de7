#include "smtp/auth.h"

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

TEST(Base64, Decodes) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("AGEAYg=="), std::string("\0a\0b", 4));
  EXPECT_EQ(decode_base64("////"), "\xff\xff\xff");
  EXPECT_EQ(decode_base64("YWI="), "ab");
  for (const auto* bad : {"a", "abc", "ab=c", "====", "ab c", "a==="}) {
    EXPECT_EQ(decode_base64(bad), std::nullopt) << bad;
  }
}

TEST(Auth, PlainTakesAnyNameAtOnceOrWhenAsked) {
  EXPECT_EQ(AuthExchange::start("PLAIN")->begin("AGEAYg==").code, 235);
  auto exchange = *AuthExchange::start("PLAIN");
  EXPECT_EQ(exchange.begin(std::nullopt).to_wire(), "334 \r\n");
  EXPECT_EQ(exchange.respond("AGEAYg==").code, 235);
}

TEST(Auth, LoginAsksTwice) {
  auto exchange = *AuthExchange::start("LOGIN");
  EXPECT_EQ(exchange.begin(std::nullopt).to_wire(), "334 VXNlcm5hbWU6\r\n");
  EXPECT_EQ(exchange.respond("YQ==").to_wire(), "334 UGFzc3dvcmQ6\r\n");
  EXPECT_EQ(exchange.respond("").code, 235) << "an empty password is a password";
  EXPECT_EQ(AuthExchange::start("LOGIN")->begin("YQ==").lines.front(), "UGFzc3dvcmQ6");
}

TEST(Auth, RefusesWhatCannotBeRead) {
  EXPECT_EQ(AuthExchange::start("PLAIN")->begin("=").code, 501) << "an empty response has no NUL";
  EXPECT_EQ(AuthExchange::start("PLAIN")->begin("YWJj").status, "5.5.2");
  EXPECT_EQ(AuthExchange::start("LOGIN")->respond("*").code, 501);
  EXPECT_FALSE(AuthExchange::start("CRAM-MD5").has_value());
}

}  // namespace
}  // namespace mailassay::smtp
