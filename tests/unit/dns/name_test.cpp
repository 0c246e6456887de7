#include "dns/name.h"

#include <gtest/gtest.h>

namespace mailassay::dns {
namespace {

using Labels = std::vector<std::string_view>;

TEST(Name, LabelsStandBetweenDots) {
  EXPECT_EQ(labels("a.b.c"), (Labels{"a", "b", "c"}));
  EXPECT_EQ(labels("a.b."), (Labels{"a", "b"}));
  EXPECT_EQ(labels("single"), (Labels{"single"}));
  EXPECT_EQ(labels(""), Labels{});
  EXPECT_EQ(labels("."), Labels{});
  EXPECT_EQ(labels("a..b"), (Labels{"a", "", "b"}));
}

TEST(Name, EscapedDotIsPartOfItsLabel) {
  EXPECT_EQ(labels("first\\.last.example"), (Labels{"first\\.last", "example"}));
  EXPECT_EQ(labels("a\\\\.b"), (Labels{"a\\\\", "b"}));
  EXPECT_EQ(parent("first\\.last.example"), "example");
  EXPECT_EQ(without_trailing_dot("a\\."), "a\\.");
  EXPECT_EQ(without_trailing_dot("a\\.."), "a\\.");
  EXPECT_EQ(without_trailing_dot("a.."), "a..");  // an empty label: one dot less would make it a good name
  EXPECT_EQ(to_wire("a.."), std::nullopt);
}

TEST(Name, ParentIsOneLabelUp) {
  EXPECT_EQ(parent("a.b.c"), "b.c");
  EXPECT_EQ(parent("c"), "");
}

TEST(Name, SubdomainNeedsALabelBoundary) {
  EXPECT_TRUE(is_subdomain_or_equal("example.com", "example.com"));
  EXPECT_TRUE(is_subdomain_or_equal("Mail.Example.COM.", "example.com"));
  EXPECT_TRUE(is_subdomain_or_equal("mail.example.com", "example.com."));
  EXPECT_TRUE(is_subdomain_or_equal("example.com", ""));
  EXPECT_FALSE(is_subdomain_or_equal("notexample.com", "example.com"));
  EXPECT_FALSE(is_subdomain_or_equal("not\\.example.com", "example.com"));
  EXPECT_FALSE(is_subdomain_or_equal("com", "example.com"));
  EXPECT_FALSE(is_subdomain_or_equal("example.com.evil", "example.com"));
}

TEST(Name, SameNameIgnoresCaseAndTrailingDot) {
  EXPECT_TRUE(same_name("Example.com.", "example.COM"));
  EXPECT_FALSE(same_name("example.com", "example.org"));
  EXPECT_FALSE(same_name("example.com", "xexample.com"));
}

TEST(Name, WireFormAndBack) {
  const std::vector<std::uint8_t> wire{3, 'a', '.', 'b', 2, 'c', '\\', 0};
  EXPECT_EQ(to_wire("a\\.b.c\\\\"), wire);
  EXPECT_EQ(from_wire(wire), "a\\.b.c\\\\");
  EXPECT_EQ(from_wire(std::vector<std::uint8_t>{5, 'a'}), std::nullopt);
}

TEST(Name, WireFormRefusesWhatTheDnsCannotCarry) {
  const std::string label63(63, 'x');
  EXPECT_TRUE(to_wire(label63 + ".com"));
  EXPECT_FALSE(to_wire(label63 + "x.com"));
  EXPECT_FALSE(to_wire("a..b"));
  EXPECT_FALSE(to_wire(".a"));
  EXPECT_FALSE(to_wire(""));
  EXPECT_FALSE(to_wire("."));
  const std::string three = label63 + "." + label63 + "." + label63 + ".";
  EXPECT_TRUE(to_wire(three + std::string(61, 'y')));   // 253 octets
  EXPECT_FALSE(to_wire(three + std::string(62, 'y')));  // 254
}

TEST(Name, PresentationEscapesWhatAFileWouldMisread) {
  EXPECT_EQ(to_presentation("mail.example.com"), "mail.example.com.");
  EXPECT_EQ(to_presentation(""), ".");
  EXPECT_EQ(to_presentation("a b;(\\.c"), "a\\032b\\;\\(\\.c.");
}

}  // namespace
}  // namespace mailassay::dns
