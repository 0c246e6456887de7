#include "message/address.h"

#include "message/encoded_word.h"

#include <algorithm>
#include <chrono>
#include <ostream>

#include <gtest/gtest.h>
// this header wants gtest before it
// clang-format off
#include <rapidcheck/gtest.h>
// clang-format on

namespace mailassay::message {
namespace {

using Strings = std::vector<std::string>;

struct Case {
  const char* name;
  std::string value;
  Strings addr_specs;
  Strings faults;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class Mailboxes_ : public testing::TestWithParam<Case> {};

TEST_P(Mailboxes_, AreReadWithTheirFaults) {
  const auto parsed = parse_mailboxes(GetParam().value);
  Strings specs;
  for (const auto& mailbox : parsed.mailboxes) specs.push_back(mailbox.addr_spec);
  EXPECT_EQ(specs, GetParam().addr_specs);
  EXPECT_EQ(parsed.faults, GetParam().faults);
}

const Case kCases[] = {
    {"plain", " a@example.com\r\n", {"a@example.com"}, {}},
    {"angle", "Ann <a@example.com>", {"a@example.com"}, {}},
    {"folded", " Ann\r\n\t<a@example.com>", {"a@example.com"}, {}},
    {"upper_case_domain", "a@EXAMPLE.com", {"a@example.com"}, {}},
    {"trailing_dot", "<a@example.com.>", {"a@example.com"}, {}},
    {"quoted_local_part", "<\"a b\"@example.com>", {"\"a b\"@example.com"}, {}},
    {"quoted_at", "<\"a@b\"@example.com>", {"\"a@b\"@example.com"}, {}},
    {"quoted_pair", R"(<"a\"b"@example.com>)", {R"("a\"b"@example.com)"}, {}},
    {"needless_quotes", "<\"a\"@example.com>", {"a@example.com"}, {}},
    {"comments", "(x) a (y) @ (z) example (v) . com (w)", {"a@example.com"}, {}},
    {"nested_comment", "a@example.com (b (c@d) \\) e)", {"a@example.com"}, {}},
    {"two", "a@x.com, b@y.com", {"a@x.com", "b@y.com"}, {}},
    {"empty_elements", "a@x.com,, b@y.com,", {"a@x.com", "b@y.com"}, {}},
    {"comma_in_quotes", "\"Kim, A\" <a@x.com>", {"a@x.com"}, {}},
    {"group", "Team: a@x.com, b@y.com;", {"a@x.com", "b@y.com"}, {"group"}},
    {"empty_group", "Undisclosed:;", {}, {"group", "empty"}},
    {"unclosed_group", "Team: a@x.com", {"a@x.com"}, {"group", "unclosed_group"}},
    {"source_route", "<@r1.com,@r2.com:a@x.com>", {"a@x.com"}, {"source_route"}},
    {"domain_literal", "a@[192.0.2.1]", {"a@[192.0.2.1]"}, {"domain_literal"}},
    {"unclosed_literal", "a@[192.0.2.1", {"a@[192.0.2.1]"}, {"unclosed_literal", "domain_literal"}},
    {"address_as_name", "\"a@x.com\" <b@y.com>", {"b@y.com"}, {"address_in_display_name"}},
    {"bare_address_as_name",
     "a@x.com <b@y.com>",
     {"a@x.com", "b@y.com"},
     {"address_in_display_name", "missing_comma"}},
    {"two_angles", "<a@x.com> <b@y.com>", {"a@x.com", "b@y.com"}, {"missing_comma"}},
    {"angle_then_bare", "<a@x.com> b@y.com", {"a@x.com", "b@y.com"}, {"missing_comma"}},
    {"angle_then_word", "<a@x.com> hello", {"a@x.com"}, {"junk_after_address"}},
    {"missing_comma", "a@x.com b@y.com", {"a@x.com", "b@y.com"}, {"missing_comma"}},
    {"missing_brackets", "Ann a@x.com", {"a@x.com"}, {"junk_after_address"}},
    {"unclosed_angle", "Ann <a@x.com", {"a@x.com"}, {"unclosed_angle"}},
    {"angle_in_angle", "<a@x.com<b@y.com>", {"a@x.com", "b@y.com"}, {"unclosed_angle", "missing_comma"}},
    {"unclosed_quote", "\"Ann <a@x.com>", {"\"Ann <a@x.com>\""}, {"unclosed_quote", "no_domain"}},
    {"unclosed_comment", "a@x.com (Ann", {"a@x.com"}, {"unclosed_comment"}},
    {"several_at", "a@x.com@y.com", {"\"a@x.com\"@y.com"}, {"several_at"}},
    {"no_at", "Ann", {"Ann"}, {"no_domain"}},
    {"no_domain", "<a@>", {"a@"}, {"no_domain"}},
    {"empty_angle", "Ann <>", {}, {"empty_address", "empty"}},
    {"nothing", "   ", {}, {"empty"}},
    {"comment_alone", "(a@x.com)", {}, {"empty"}},
    {"nul",
     std::string("<a@x.com\0.y.com>", 16),
     {std::string("a@x.com\0.y.com", 14)},
     {"control_character", "bad_domain"}},
    {"comma_in_domain", "<a@x,y.com>", {"a@x,y.com"}, {"bad_domain"}},
    {"quoted_domain", "a@\"x.com\"", {"a@x.com"}, {"bad_domain"}},
    {"empty_label", "a@x..com", {"a@x..com"}, {"bad_domain"}},
    {"two_dots_at_the_end", "a@x.com..", {"a@x.com.."}, {"bad_domain"}},
    {"encoded_address",
     "=?utf-8?q?a=40x.com?= <b@y.com>",
     {"b@y.com"},
     {"encoded_address", "address_in_display_name"}},
    {"wholly_encoded", "=?utf-8?q?a=40x.com?=", {"=?utf-8?q?a=40x.com?="}, {"encoded_address", "no_domain"}},
    {"eai", "<\xED\x95\x9C@\xED\x95\x9C\xEA\xB5\xAD.kr>", {"\xED\x95\x9C@\xED\x95\x9C\xEA\xB5\xAD.kr"}, {}},
    {"empty_local_part", "<@x.com>", {"\"\"@x.com"}, {}},
};
INSTANTIATE_TEST_SUITE_P(Table, Mailboxes_, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(DisplayName, IsUnquotedAndDecoded) {
  const auto name = [](std::string_view value) {
    return parse_mailboxes(value).mailboxes.at(0).display_name;
  };
  EXPECT_EQ(name("\"Kim \\\"A\\\"\" <a@x.com>"), "Kim \"A\"");
  EXPECT_EQ(name("=?utf-8?B?7ZWc?= =?utf-8?B?6rWt?= <a@x.com>"), "\xED\x95\x9C\xEA\xB5\xAD");
  EXPECT_EQ(name("John  Q. (x) Public <a@x.com>"), "John Q. Public");
}

TEST(EncodedWords, AreDecodedAndFoldsUndone) {
  EXPECT_EQ(decode_encoded_words(" =?euc-kr?B?x9GxuQ==?=\r\n =?ISO-8859-1?Q?_caf=E9?= ok"),
            "\xED\x95\x9C\xEA\xB5\xAD caf\xC3\xA9 ok");
  EXPECT_EQ(decode_encoded_words("=?utf-8*ko?q?a?="), "a");
}

TEST(EncodedWords, StayWhenTheyCannotBeDecoded) {
  for (const char* text : {"=?nonsense?q?a?=", "=?utf-8?x?a?=", "=?utf-8?q?a=4?=", "=?utf-8?b?*?=",
                           "=?utf-8?q?a", "=?utf-8?q?=ff?="})
    EXPECT_EQ(decode_encoded_words(text), text);
}

// A megabyte of words without an end took minutes when each was searched for to the end of the field.
TEST(EncodedWords, OfAHostileFieldTakeNoTimeToSpeakOf) {
  std::string field;
  while (field.size() < 1000000) field += "=?a?Q? ";
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(decode_encoded_words(field + "end"), field + "end");
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

RC_GTEST_PROP(Mailboxes, KeepEveryAddrSpecTheyWroteThemselves, ()) {
  const auto local = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange<char>(0x21, 0x7e)));
  std::string quoted = "\"";
  for (const char c : local) quoted += std::string("\\") + c;
  const auto once = parse_mailboxes("<" + quoted + "\"@example.com>");
  RC_ASSERT(once.mailboxes.at(0).local_part == local);
  const auto again = parse_mailboxes(once.mailboxes.at(0).addr_spec);
  RC_ASSERT(again.mailboxes.at(0).local_part == local);
  RC_ASSERT(again.mailboxes.at(0).domain == "example.com");
}

}  // namespace
}  // namespace mailassay::message
