#include "evaluation/dkim/tag_list.h"

#include <rapidcheck.h>
#include <string>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

std::string fault_of(std::string_view text) {
  const TagList list = parse_tag_list(text);
  return list.fault ? std::string(list.fault->cause) : "";
}

TEST(TagList, ReadsNamesAndValuesWithoutWhiteSpaceAroundThem) {
  const TagList list = parse_tag_list(" v = 1 ;\r\n\ta=rsa-sha256; h= from : to ;n=;");
  ASSERT_FALSE(list.fault);
  ASSERT_EQ(list.tags.size(), 4U);
  EXPECT_EQ(list.find("v")->value, "1");
  EXPECT_EQ(list.find("h")->value, "from : to");
  EXPECT_EQ(list.find("n")->value, "");
  EXPECT_EQ(list.find("a")->raw, "rsa-sha256");
  EXPECT_EQ(list.find("v")->raw, " 1 ");
}

TEST(TagList, CaseOfNamesCounts) {
  const TagList list = parse_tag_list("a=1; A=2");
  ASSERT_FALSE(list.fault);
  EXPECT_EQ(list.find("A")->value, "2");
}

TEST(TagList, ADuplicateVoidsIt) {
  const TagList list = parse_tag_list("v=1; d=a; v=1");
  ASSERT_TRUE(list.fault);
  EXPECT_EQ(list.fault->cause, "tag_duplicate");
  EXPECT_EQ(list.fault->tag, "v");
  EXPECT_EQ(list.find("d")->value, "a");
}

TEST(TagList, OneSemicolonMayCloseIt) {
  EXPECT_EQ(fault_of("a=1;"), "");
  EXPECT_EQ(fault_of("a=1; \r\n "), "");
  EXPECT_EQ(fault_of("a=1;;"), "tag_invalid");
  EXPECT_EQ(fault_of("a=1;; b=2"), "tag_invalid");
  EXPECT_EQ(fault_of(";a=1"), "tag_invalid");
  EXPECT_EQ(fault_of(""), "tag_invalid");
}

TEST(TagList, RefusesWhatTheGrammarDoesNotKnow) {
  EXPECT_EQ(fault_of("a"), "tag_invalid");
  EXPECT_EQ(fault_of("=1"), "tag_invalid");
  EXPECT_EQ(fault_of("1a=1"), "tag_invalid");
  EXPECT_EQ(fault_of("a b=1"), "tag_invalid");
  EXPECT_EQ(fault_of(std::string("a=1\0", 4)), "tag_invalid");
  EXPECT_EQ(fault_of("a=\x7f"), "tag_invalid");
}

TEST(TagList, ValuesMayHoldEqualsSignsAndUtf8) {
  EXPECT_EQ(parse_tag_list("b=ab==").find("b")->value, "ab==");
  EXPECT_EQ(fault_of("d=b\xc3\xbc"
                     "cher.example"),
            "");
}

TEST(TagList, NeverCrashes) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    const TagList list = parse_tag_list(text);
    for (const Tag& tag : list.tags) RC_ASSERT(text.find(tag.raw) != std::string::npos);
  }));
}

}  // namespace
}  // namespace mailassay::dkim
