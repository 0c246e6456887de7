#include "message/message.h"

#include <rapidcheck.h>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::message {
namespace {

TEST(Message, MarksFieldsByTheirOctets) {
  const Message mail("From: a@b.example\r\nSubject: one\r\n two\r\n\r\nbody\r\n");
  ASSERT_EQ(mail.fields().size(), 2U);
  const Field& subject = mail.fields()[1];
  EXPECT_EQ(subject.offset, 19U);
  EXPECT_EQ(subject.raw, "Subject: one\r\n two\r\n");
  EXPECT_EQ(subject.name, "Subject");
  EXPECT_EQ(subject.value, " one\r\n two");
  EXPECT_EQ(mail.header(), "From: a@b.example\r\nSubject: one\r\n two\r\n\r\n");
  EXPECT_EQ(mail.body(), "body\r\n");
  EXPECT_TRUE(mail.has_empty_line());
}

TEST(Message, FindsFieldsWithoutCaseFromTheTop) {
  const Message mail("TO: 1\r\nFrom: x\r\nto: 2\r\n\r\n");
  const auto found = mail.all("To");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]->value, " 1");
  EXPECT_EQ(found[1]->value, " 2");
}

TEST(Message, ReadsSpaceBeforeTheColonAsTheSameField) {
  const Message mail("From \t: a@evil.example\r\nFrom: b@c.example\r\n\r\n");
  const auto found = mail.all("from");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]->name, "From");
  EXPECT_TRUE(found[0]->space_before_colon);
  EXPECT_EQ(found[0]->value, " a@evil.example");
  EXPECT_FALSE(found[1]->space_before_colon);
}

TEST(Message, KeepsALineOfWhiteSpaceInsideAFoldedField) {
  const Message mail("Subject: a\r\n \r\n b\r\n\r\nbody");
  ASSERT_EQ(mail.fields().size(), 1U);
  EXPECT_EQ(mail.fields()[0].raw, "Subject: a\r\n \r\n b\r\n");
  EXPECT_EQ(mail.body(), "body");
}

TEST(Message, WithoutAnEmptyLineIsAllHeader) {
  const Message mail("From: a\r\nSubject: b");
  EXPECT_FALSE(mail.has_empty_line());
  ASSERT_EQ(mail.fields().size(), 2U);
  EXPECT_EQ(mail.fields()[1].raw, "Subject: b");
  EXPECT_EQ(mail.fields()[1].value, " b");
  EXPECT_EQ(mail.body(), "");
}

TEST(Message, AHeaderThatEndsWithItsEmptyLineHasAnEmptyBody) {
  const Message mail("From: a\r\n\r\n");
  EXPECT_TRUE(mail.has_empty_line());
  EXPECT_EQ(mail.body(), "");
}

TEST(Message, TellsStrayLines) {
  const Message mail(
      " fold of nothing\r\nFrom a@b Tue Nov 24 03:48:23 2026\r\nno colon\r\n its fold\r\n: nameless\r\nTo: "
      "x\r\n\r\n");
  const std::vector<std::string_view> expected{" fold of nothing", "From a@b Tue Nov 24 03:48:23 2026",
                                               "no colon", " its fold", ": nameless"};
  EXPECT_EQ(std::vector<std::string_view>(mail.stray_lines().begin(), mail.stray_lines().end()), expected);
  ASSERT_EQ(mail.fields().size(), 1U);
  EXPECT_EQ(mail.fields()[0].name, "To");
}

TEST(Message, ALoneCrOrLfEndsNoLine) {
  const Message mail("Subject: a\nTo: b\rFrom: c\r\n\r\n");
  ASSERT_EQ(mail.fields().size(), 1U);
  EXPECT_EQ(mail.fields()[0].value, " a\nTo: b\rFrom: c");
}

TEST(Message, BodyMayStartAtOnce) {
  const Message mail("\r\nbody");
  EXPECT_TRUE(mail.fields().empty());
  EXPECT_EQ(mail.body(), "body");
  EXPECT_TRUE(Message(std::string()).fields().empty());
}

TEST(Message, ViewsOutliveAMoveAndACopy) {
  Message first("From: somebody@example.com\r\n\r\nx");
  const Message copy = first;
  const Message moved = std::move(first);
  EXPECT_EQ(copy.fields()[0].value, " somebody@example.com");
  EXPECT_EQ(moved.fields()[0].value, " somebody@example.com");
}

TEST(Message, TakesAHeaderOfMegabytes) {
  std::string octets;
  for (int i = 0; i < 100000; ++i) octets += "X-Long: \n folded\r\n and folded\r\n";
  const Message mail(octets + "\r\n");
  EXPECT_EQ(mail.fields().size(), 100000U);
  EXPECT_EQ(mail.header().size(), octets.size() + 2);
}

// Each octet of the header is in a field, a stray line, or the empty line; fields lie in order, apart.
TEST(Message, CoversTheHeaderWithoutOverlap) {
  EXPECT_TRUE(rc::check([] {
    const auto pieces =
        *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
            "\r\n", "\n", "\r", " ", "\t", "a", ":", "From", "X:y", std::string(1, '\0'), "\xff"}));
    std::string octets;
    for (const auto& piece : pieces) octets += piece;
    const Message mail(octets);
    std::size_t covered = mail.has_empty_line() ? 2 : 0;
    std::size_t end = 0;
    for (const Field& field : mail.fields()) {
      RC_ASSERT(field.offset >= end);
      end = field.offset + field.raw.size();
      covered += field.raw.size();
    }
    for (const auto line : mail.stray_lines())
      covered +=
          line.size() + (line.data() + line.size() < mail.header().data() + mail.header().size() ? 2 : 0);
    RC_ASSERT(covered == mail.header().size());
    RC_ASSERT(std::string(mail.header()) + std::string(mail.body()) == octets);
  }));
}

TEST(WithCrlf, MendsBareLfAndKeepsALoneCr) {
  bool changed = false;
  EXPECT_EQ(with_crlf("a\nb\r\nc\rd\n\n", &changed), "a\r\nb\r\nc\rd\r\n\r\n");
  EXPECT_TRUE(changed);
  EXPECT_EQ(with_crlf("a\r\nb", &changed), "a\r\nb");
  EXPECT_FALSE(changed);
  EXPECT_EQ(with_crlf("\n", nullptr), "\r\n");
}

}  // namespace
}  // namespace mailassay::message
