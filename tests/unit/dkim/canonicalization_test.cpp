#include "evaluation/dkim/canonicalization.h"

#include <rapidcheck.h>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

using enum Canonicalization;

std::string field(std::string_view raw, Canonicalization canonicalization) {
  std::string out;
  append_canonical_field(out, raw, canonicalization);
  return out;
}

std::string body(std::string_view text, Canonicalization canonicalization) {
  std::string out;
  canonical_body(text, canonicalization, [&](std::string_view piece) { out.append(piece); });
  return out;
}

TEST(CanonicalField, SimpleChangesNothing) {
  EXPECT_EQ(field("SubJect :  a\r\n\t b \r\n", simple), "SubJect :  a\r\n\t b \r\n");
  EXPECT_EQ(field("A: b", simple), "A: b\r\n");
}

TEST(CanonicalField, RelaxedFollowsTheExampleOfSection345) {
  EXPECT_EQ(field("A: X\r\n", relaxed), "a:X\r\n");
  EXPECT_EQ(field("B : Y\t\r\n\tZ  \r\n", relaxed), "b:Y Z\r\n");
}

TEST(CanonicalField, RelaxedKeepsColonsLoneCrAndLf) {
  EXPECT_EQ(field("X: a:b\rc\nd\r\n", relaxed), "x:a:b\rc\nd\r\n");
  EXPECT_EQ(field("X:\r\n \r\n", relaxed), "x:\r\n");
}

TEST(CanonicalBody, FollowsTheExampleOfSection345) {
  EXPECT_EQ(body(" C \r\nD \t E\r\n\r\n\r\n", relaxed), " C\r\nD E\r\n");
  EXPECT_EQ(body(" C \r\nD \t E\r\n\r\n\r\n", simple), " C \r\nD \t E\r\n");
}

TEST(CanonicalBody, EmptyIsACrlfForSimpleAndNothingForRelaxed) {
  EXPECT_EQ(body("", simple), "\r\n");
  EXPECT_EQ(body("\r\n\r\n", simple), "\r\n");
  EXPECT_EQ(body("", relaxed), "");
  EXPECT_EQ(body("\r\n\r\n", relaxed), "");
}

// White space goes first, then the lines that it leaves empty.
TEST(CanonicalBody, RelaxedDropsLinesOfWhiteSpaceAtTheEnd) {
  EXPECT_EQ(body("a\r\n \t\r\n \r\n", relaxed), "a\r\n");
  EXPECT_EQ(body(" \r\n", relaxed), "");
  EXPECT_EQ(body("a\r\n \t\r\n", simple), "a\r\n \t\r\n");
}

TEST(CanonicalBody, ALastLineWithoutCrlfGetsOne) {
  EXPECT_EQ(body("a", simple), "a\r\n");
  EXPECT_EQ(body("a  ", relaxed), "a\r\n");
}

TEST(CanonicalBody, RelaxedLeavesLeadingWhiteSpaceAsOneSpace) {
  EXPECT_EQ(body("\t\ta\r\n\r\n  b\r\n", relaxed), " a\r\n\r\n b\r\n");
}

TEST(CanonicalBody, LoneCrAndLfAreNoLineEnds) {
  EXPECT_EQ(body("a \nb \r c\r\n", relaxed), "a \nb \r c\r\n");
  EXPECT_EQ(body("a\n", simple), "a\n\r\n");
}

rc::Gen<std::string> mail_text(std::string lone = "\n") {
  const auto pieces =
      rc::gen::elementOf(std::vector<std::string>{"\r\n", " ", "\t", "a", "b", "\r", ":", std::move(lone),
                                                  std::string(61, 'x'), std::string(30, 'y') + " z"});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(pieces),
                      [](const std::vector<std::string>& all) {
                        std::string text;
                        for (const auto& piece : all) text += piece;
                        return text;
                      });
}

// Line by line and octet by octet, as section 3.4.4 words it.
std::string plain_relaxed_body(std::string text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find("\r\n");
    lines.push_back(text.substr(0, end));
    text.erase(0, end == std::string::npos ? text.size() : end + 2);
  }
  std::string out;
  for (auto& line : lines) {
    std::string squeezed;
    for (const char c : line) {
      const bool wsp = c == ' ' || c == '\t';
      if (!wsp || squeezed.empty() || squeezed.back() != ' ') squeezed.push_back(wsp ? ' ' : c);
    }
    if (squeezed.ends_with(' ')) squeezed.pop_back();
    line = squeezed;
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  for (const auto& line : lines) out += line + "\r\n";
  return out;
}

TEST(CanonicalBody, AgreesWithThePlainWordsOfTheStandard) {
  EXPECT_TRUE(rc::check([] {
    const auto text = *mail_text();
    RC_ASSERT(body(text, relaxed) == plain_relaxed_body(text));
  }));
}

TEST(CanonicalBody, IsIdempotent) {
  EXPECT_TRUE(rc::check([] {
    const auto text = *mail_text();
    const auto once_relaxed = body(text, relaxed);
    RC_ASSERT(body(once_relaxed, relaxed) == once_relaxed);
    const auto once_simple = body(text, simple);
    RC_ASSERT(body(once_simple, simple) == once_simple);
  }));
}

// Of fields as they are accepted: between a lone CR and a lone LF, a fold undone would leave a new one.
TEST(CanonicalField, IsIdempotent) {
  EXPECT_TRUE(rc::check([] {
    const std::string raw = "X:" + *mail_text("\r") + "\r\n";
    const auto once = field(raw, relaxed);
    RC_ASSERT(field(once, relaxed) == once);
  }));
}

}  // namespace
}  // namespace mailassay::dkim
