#include "evaluation/authentication_results.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

TEST(PropertyValue, IsPlainWhereTheGrammarAllowsElseQuoted) {
  for (const auto* plain : {"example.com", "s1._x", "rsa-sha256", "a@example.com", "@example.com",
                            "a.b+c/d=e@x.example", "#hash", "192.0.2.1"})
    EXPECT_EQ(property_value(plain), plain);
  const std::vector<std::pair<std::string, std::string>> quoted{
      {"", R"("")"},
      {"a b", R"("a b")"},
      {"a;b", R"("a;b")"},
      {"x@a.example;spf=pass", R"("x@a.example;spf=pass")"},
      {"example.com(.evil.example", R"("example.com(.evil.example")"},
      {R"(say "no")", R"("say \"no\"")"},
      {R"(back\slash)", R"("back\\slash")"},
      {R"("quoted local"@example.com)", R"("\"quoted local\"@example.com")"},
      {"a..b@example.com", R"("a..b@example.com")"},
      {".a@example.com", R"(".a@example.com")"},
      {"a.@example.com", R"("a.@example.com")"},
      {"a@", R"("a@")"},
      {"a@b@example.com", R"("a@b@example.com")"},
      {"2001:db8::1", R"("2001:db8::1")"},
      {"a/b=", R"("a/b=")"},
      {std::string("a\0b", 3), R"("a?b")"},
      {"a\r\nb", R"("a??b")"},
      {"a\tb\x7f", R"("a?b?")"},
      {"\xed\x95\x9c@example.com", "\"\xed\x95\x9c@example.com\""},  // RFC 6532
      {"\xff", "\"\uFFFD\""},
  };
  for (const auto& [text, wanted] : quoted) EXPECT_EQ(property_value(text), wanted);
}

TEST(AuthservId, IsReadWithoutCommentsQuotesAndVersion) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {" mx.receiver.example; spf=pass", "mx.receiver.example"},
      {" mx.receiver.example 1; spf=pass", "mx.receiver.example"},
      {"\r\n\tmx.receiver.example\r\n ; none", "mx.receiver.example"},
      {"mx.receiver.example", "mx.receiver.example"},
      {"(a (nested) \\) comment) mx.receiver.example (more);", "mx.receiver.example"},
      {"mx.receiver(.evil).example;", "mx.receiver.example"},
      {"\"mx.receiver.example\"; spf=pass", "mx.receiver.example"},
      {"\"mx.receiver\\.example\" 1;", "mx.receiver.example"},
      {"\"a;b\"; spf=pass", "a;b"},
      {"; spf=pass", ""},
      {"(only a comment", ""},
      {"", ""},
  };
  for (const auto& [text, id] : cases) EXPECT_EQ(authserv_id(text), id) << text;
}

TEST(ForgedResults, AreThoseInOurNameAlone) {
  const message::Message mail(
      "Authentication-Results: MX.Receiver.Example.; dmarc=pass\r\n"
      "Authentication-Results: other.example; dmarc=pass\r\n"
      "authentication-results : (x) \"mx.receiver.example\" 1;\r\n spf=pass\r\n"
      "Authentication-Results: mx.receiver.example.evil.example; dmarc=pass\r\n"
      "X-Authentication-Results: mx.receiver.example; dmarc=pass\r\n"
      "From: a@example.com\r\n\r\n");
  const auto forged = forged_results(mail, "mx.receiver.example");
  ASSERT_EQ(forged.size(), 2U);
  EXPECT_EQ(forged[0], &mail.fields()[0]);
  EXPECT_EQ(forged[1], &mail.fields()[2]);
}

}  // namespace
}  // namespace mailassay::evaluation
