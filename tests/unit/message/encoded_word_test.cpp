#include "message/encoded_word.h"

#include "message/charset.h"

#include <rapidcheck.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::message {
namespace {

TEST(EncodedWord, IsDecodedInBothEncodingsAndManyCharsets) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"=?utf-8?B?7ZWc6riA?=", "한글"},
      {"=?UTF-8?q?=ED=95=9C=EA=B8=80?=", "한글"},
      {"=?euc-kr?B?x9GU7g==?=", "한뷁"},  // CP949 beyond EUC-KR proper
      {"=?ISO-8859-1?Q?Andr=E9_Pirard?=", "André Pirard"},
      {"=?iso-8859-1*fr?Q?Andr=E9?=", "André"},  // RFC 2231's language
      {"=?us-ascii?Q?a=3Fb?=", "a?b"},
      {"=?utf-8?B?YQ?=", "a"},  // without padding
      {"=?utf-8?Q?"
       "?=",
       ""},
      {"Re: =?utf-8?Q?a?= b", "Re: a b"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(decode_encoded_words(text), wanted) << text;
}

TEST(EncodedWord, WhiteSpaceBetweenTwoVanishesAndElseStays) {
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a?= =?utf-8?Q?b?="), "ab");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a?=\r\n\t =?utf-8?B?Yg==?="), "ab");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a?= c =?utf-8?Q?b?="), "a c b");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a_?= =?utf-8?Q?b?="), "a b");
}

// RFC 2047 section 5 wants whole characters in each word; senders that cut a text by octets don't care, and
// every reader joins them.
TEST(EncodedWord, ACharacterMayBeSplitAcrossTwoWords) {
  EXPECT_EQ(decode_encoded_words("=?utf-8?B?7ZU=?= =?utf-8?B?nOq4gA==?="), "한글");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?=ED=95?=\r\n =?UTF-8?Q?=9C?="), "한");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a=ED?= =?utf-8?B?lQ==?= =?utf-8?Q?=9Cb?= c"), "a한b c");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?=F0=9F=93?= =?utf-8?Q?=A7?="), "📧");
}

TEST(EncodedWord, APieceThatNothingCompletesStaysAsWritten) {
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?=ED=95?="), "=?utf-8?Q?=ED=95?=");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?=ED=95?= x"), "=?utf-8?Q?=ED=95?= x");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?=ED=95?= x =?utf-8?Q?=9C?="),
            "=?utf-8?Q?=ED=95?= x =?utf-8?Q?=9C?=");
  // Octets of two charsets make no character.
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?=ED=95?= =?iso-8859-1?Q?=E9?="), "=?utf-8?Q?=ED=95?= é");
}

TEST(EncodedWord, OfAnUnknownCharsetStaysAsWritten) {
  EXPECT_EQ(decode_encoded_words("=?x-klingon?Q?abc?="), "=?x-klingon?Q?abc?=");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?a?= =?x-klingon?Q?b?= =?utf-8?Q?c?="), "a =?x-klingon?Q?b?= c");
  EXPECT_EQ(decode_encoded_words("=??Q?abc?="), "=??Q?abc?=");
  EXPECT_FALSE(to_utf8("x-klingon", "abc"));
  EXPECT_EQ(to_readable_utf8("x-klingon", "abc\xff", 100), "abc\uFFFD");
}

TEST(EncodedWord, OfBadSyntaxStaysAsWritten) {
  for (const auto* text :
       {"=?utf-8?Q?a b?=", "=?utf-8?X?a?=", "=?utf-8?Q?=E?=", "=?utf-8?Q?=GG?=", "=?utf-8?B?a*b?=",
        "=?utf-8?Q?a", "=?utf-8?Q?", "=?utf-8", "=?", "=?utf-8?Q?a?b?=", "=?utf-8?Q?=FF=FE?="})
    EXPECT_EQ(decode_encoded_words(text), text);
}

// iconv reads UTF-32 and UTF-8 of old, up to 31 bits: its output must not pass for text.
TEST(EncodedWord, NumbersBeyondUnicodeAreNoText) {
  const std::string beyond("\x00\x11\x00\x00", 4);  // U+110000
  EXPECT_FALSE(to_utf8("UTF-32BE", beyond));
  EXPECT_FALSE(to_utf8("UTF-8", "\xf4\x90\x80\x80"));
  EXPECT_FALSE(to_utf8("UTF-8", "\xf8\x88\x80\x80\x80"));
  EXPECT_FALSE(to_utf8("UCS-4BE", std::string("\x7f\xff\xff\xff", 4)));
  EXPECT_EQ(to_utf8("UTF-32BE", std::string("\x00\x10\xff\xff", 4)), "\xf4\x8f\xbf\xbf");  // the last one
  EXPECT_EQ(decode_encoded_words("=?utf-32be?B?ABEAAA==?="), "=?utf-32be?B?ABEAAA==?=");
  EXPECT_EQ(decode_encoded_words("=?utf-8?Q?=F4=90=80=80?="), "=?utf-8?Q?=F4=90=80=80?=");
  const auto readable = to_readable_utf8("UTF-32BE",
                                         std::string("\x00\x00\x00"
                                                     "a",
                                                     4) +
                                             beyond,
                                         100);
  EXPECT_EQ(readable.substr(0, 4), "a\uFFFD");
  EXPECT_TRUE(to_utf8("UTF-8", readable));
}

TEST(EncodedWord, ASurrogateIsNoCharacter) {
  EXPECT_FALSE(to_utf8("UTF-8", "\xed\xa0\x80"));
  EXPECT_FALSE(to_utf8("UTF-16BE", std::string("\xd8\x00\x00"
                                               "a",
                                               4)));
  EXPECT_EQ(to_utf8("UTF-16BE", "\xd8\x3d\xdc\xe7"), "📧");
}

// Whatever is decoded is UTF-8 where the text around it was.
TEST(EncodedWord, DecodesToUtf8) {
  EXPECT_TRUE(rc::check([] {
    const auto pieces =
        *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
            "=?utf-8?Q?=ED=95?=", "=?utf-8?Q?=9C?=", "=?utf-8?B?7ZU=?=", "=?utf-32be?B?ABEAAA==?=",
            "=?euc-kr?Q?=C7?=", "=?euc-kr?Q?=D1?=", "=?utf-8?Q?=FF?=", "=?", "?=", "?Q?", "a", " ", "=ED",
            "\r\n ", "한"}));
    std::string text;
    for (const auto& piece : pieces) text += piece;
    RC_ASSERT(to_utf8("UTF-8", decode_encoded_words(text)).has_value());
  }));
}

}  // namespace
}  // namespace mailassay::message
