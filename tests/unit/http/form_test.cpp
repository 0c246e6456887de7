#include "http/form.h"

#include <gtest/gtest.h>

namespace mailassay::http {
namespace {

using Pairs = httplib::Params;

TEST(Form, PairsAreDecoded) {
  EXPECT_EQ(parse_form("a=1&key=x+y%26z&b"), (Pairs{{"a", "1"}, {"b", ""}, {"key", "x y&z"}}));
  EXPECT_EQ(parse_form("k%65y=1"), (Pairs{{"key", "1"}}));
  EXPECT_EQ(parse_form("key=%zz%4"), (Pairs{{"key", "%zz%4"}}));
  EXPECT_EQ(parse_form("a=1&a=2").count("a"), 2U);
  EXPECT_EQ(parse_form(""), Pairs{});
  EXPECT_EQ(parse_form("&&"), Pairs{});
}

TEST(Form, AValueKeepsItsEqualsSigns) {
  EXPECT_EQ(parse_form("mail_from=prvs=1=user@example.com"),
            (Pairs{{"mail_from", "prvs=1=user@example.com"}}));
  EXPECT_EQ(parse_form("expect=dmarc=pass&x=="), (Pairs{{"expect", "dmarc=pass"}, {"x", "="}}));
}

}  // namespace
}  // namespace mailassay::http
