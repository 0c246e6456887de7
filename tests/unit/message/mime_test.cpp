#include "message/mime.h"

#include "message/charset.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace mailassay::message {
namespace {

using Links = std::vector<std::string>;

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : (lead & 0xf0) == 0xe0       ? 3
                                                             : 4;
    if (lead >= 0x80 && (lead < 0xc2 || lead > 0xf4)) return false;
    if (at + length > text.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0xff >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return false;
      code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000)) return false;
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
    at += length;
  }
  return true;
}

Reading read(std::string_view mail) {
  return decoded_text(Message(with_crlf(mail, nullptr)));
}

std::string text_of(std::string_view mail) {
  return read(mail).text;
}

TEST(Mime, PlainMailWithoutMimeFields) {
  EXPECT_EQ(text_of("Subject: x\n\nHello\nthere\n"), "Hello\nthere");
  EXPECT_EQ(text_of("Subject: x\n\nna\xc3\xafve \xff\n"), "na\u00efve \ufffd");
}

TEST(Mime, TransferEncodings) {
  EXPECT_EQ(text_of("Content-Transfer-Encoding: Base64\n\naGVs\nbG8=\n"), "hello");
  EXPECT_EQ(text_of("Content-Transfer-Encoding: quoted-printable\n\na=3Db =\nc=zz=20\n"), "a=b c=zz");
  EXPECT_EQ(text_of("Content-Transfer-Encoding: 8bit\n\n=3D\n"), "=3D");
  EXPECT_EQ(text_of("Content-Transfer-Encoding: base64\n\n!aGV*sbG8\n"), "hello");
}

TEST(Mime, KoreanCharsets) {
  EXPECT_EQ(text_of("Content-Type: text/plain; charset=euc-kr\n\n\xbe\xc8\xb3\xe7\n"), "안녕");
  EXPECT_EQ(text_of("Content-Type: text/plain; charset=\"ks_c_5601-1987\"\n\n\x8c\x63\n"),
            "똠");  // CP949 alone
  EXPECT_EQ(text_of("Content-Type: text/plain; charset=iso-2022-kr\n\n\x1b$)C\x0e>H3g\x0f!\n"), "안녕!");
  EXPECT_EQ(
      text_of("Content-Type: text/plain; charset=euc-kr\nContent-Transfer-Encoding: base64\n\nvsiz5w==\n"),
      "안녕");
}

TEST(Mime, UnknownCharsetIsReadAsUtf8) {
  EXPECT_EQ(text_of("Content-Type: text/plain; charset=x-nowhere\n\nok \xed\x95\x9c\xfe\n"), "ok 한\ufffd");
}

constexpr std::string_view kAlternative =
    "Content-Type: multipart/alternative;\n boundary=\"b 1\"\n\npreamble\n--b 1\nContent-Type: "
    "text/plain\n\nplain\n"
    "--b 1  \nContent-Type: text/html\n\n<p>html <a href=\"https://h.example/\">link</a></p>\n--b "
    "1--\nepilogue\n";

TEST(Mime, PlainTextIsPreferredAndLinksOfBothAreFound) {
  const Reading reading = read(kAlternative);
  EXPECT_EQ(reading.text, "plain");
  EXPECT_FALSE(reading.from_html);
  EXPECT_EQ(reading.links, Links{"https://h.example/"});
  EXPECT_TRUE(reading.attachments.empty());
}

TEST(Mime, NestedPartsAndAttachments) {
  const Reading reading = read(
      "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/alternative; "
      "boundary=in\n\n"
      "--in\n\nbody text\n--in--\n--out\nContent-Type: application/pdf; name=\"=?utf-8?B?7ZWcLnBkZg==?=\"\n"
      "Content-Transfer-Encoding: base64\n\naGVsbG8=\n--out\nContent-Type: text/plain\n"
      "Content-Disposition: attachment; filename*=utf-8''%ED%95%9C.txt\n\nattached\n"
      "--out\nContent-Type: image/png\nContent-Disposition: inline; filename*0=lo; "
      "filename*1=ng.png\n\nx\n--out--\n");
  EXPECT_EQ(reading.text, "body text");
  ASSERT_EQ(reading.attachments.size(), 3U);
  EXPECT_EQ(reading.attachments[0].name, "한.pdf");
  EXPECT_EQ(reading.attachments[0].type, "application/pdf");
  EXPECT_EQ(reading.attachments[0].bytes, 5U);
  EXPECT_EQ(reading.attachments[1].name, "한.txt");
  EXPECT_EQ(reading.attachments[1].bytes, 8U);
  EXPECT_EQ(reading.attachments[2].name, "long.png");
}

TEST(Mime, MissingFinalBoundaryAndLongerLookAlikes) {
  EXPECT_EQ(text_of("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bb\nstill one\n--b\n\ntwo\n"),
            "one\n--bb\nstill one\n\ntwo");
}

TEST(Mime, MultipartWithoutPartsIsShownAsText) {
  EXPECT_EQ(text_of("Content-Type: multipart/mixed; boundary=b\n\nno parts\n"), "no parts");
  EXPECT_EQ(text_of("Content-Type: multipart/mixed\n\nno boundary\n"), "no boundary");
}

TEST(Mime, HtmlIsReducedToText) {
  const Reading reading = read(
      "Content-Type: text/html; charset=utf-8\n\n<html><head><title>t</title></head><style>p{}</style>"
      "<h1>Head</h1><p>One  &amp;\ntwo&#xA0;<b>bold</b><br>next &#x1F600;&bogus; 1 < 2</p><!-- <p>no</p> -->"
      "<ul><li>a<li>b</ul><script>if (a</b) x()</script>"
      "<a class=x href='https://e.example/?a=1&amp;b=2'>click</a> <a "
      "href=\"https://same.example\">https://same.example</a>"
      "<a href=javascript:alert(1)>bad</a>");
  EXPECT_EQ(reading.text,
            "Head\n\nOne & two\u00a0bold\nnext \U0001F600&bogus; 1 < 2\n\n- a\n- b\nclick "
            "<https://e.example/?a=1&b=2> https://same.examplebad");
  EXPECT_TRUE(reading.from_html);
  EXPECT_EQ(reading.links, (Links{"https://e.example/?a=1&b=2", "https://same.example"}));
}

TEST(Mime, HtmlThatNeverEnds) {
  EXPECT_EQ(text_of("Content-Type: text/html\n\na<script>hidden"), "a");
  EXPECT_EQ(text_of("Content-Type: text/html\n\na<b"), "a");
  EXPECT_EQ(text_of("Content-Type: text/html\n\na<!-- x"), "a");
  EXPECT_EQ(text_of("Content-Type: text/html\n\n<a href='https://open"), "<https://open>");
  EXPECT_EQ(text_of("Content-Type: text/html\n\nx<a href=>y<a ='>z<"), "xyz<");
}

TEST(Mime, LinksInPlainText) {
  const Reading reading = read(
      "S: x\n\nSee https://a.example/x?y=1. (HTTP://b.example/) <https://a.example/x?y=1> ftp://no https:// "
      "end\n");
  EXPECT_EQ(reading.links, (Links{"https://a.example/x?y=1", "HTTP://b.example/"}));
}

TEST(Mime, LinksAreBounded) {
  std::string mail = "S: x\n\n";
  for (int i = 0; i < 5000; ++i) mail += "http://l" + std::to_string(i) + ".example/ ";
  EXPECT_EQ(read(mail).links.size(), 200U);
}

TEST(Mime, TextIsCutAtACharacter) {
  std::string body = "x";
  while (body.size() < (1 << 20) + 10) body += "한";
  const Reading reading = read("S: x\n\n" + body);
  EXPECT_TRUE(reading.cut);
  EXPECT_LE(reading.text.size(), 1U << 20);
  EXPECT_GT(reading.text.size(), (1U << 20) - 4);
  EXPECT_TRUE(is_utf8(reading.text));
  EXPECT_FALSE(read("S: x\n\nshort").cut);
}

TEST(Mime, DepthIsBounded) {
  std::string mail;
  for (int depth = 0; depth < 200; ++depth) {
    const std::string boundary = "b" + std::to_string(depth) + "x";
    mail += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
  }
  EXPECT_EQ(parts(Message(with_crlf(mail + "\ndeep\n", nullptr))).size(), 1U);
}

TEST(Mime, PartsAreBounded) {
  std::string mail = "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int part = 0; part < 3000; ++part) mail += "--b\n\nx\n";
  EXPECT_EQ(parts(Message(with_crlf(mail, nullptr))).size(), 1000U);
}

TEST(Mime, OctetsBeyondUnicodeAreReplaced) {
  for (const auto* hostile :
       {"\xf4\x90\x80\x80", "\xf7\xbf\xbf\xbf", "\xed\xa0\x80", "\xc0\x80", "\xf8\x88\x80\x80\x80"})
    EXPECT_TRUE(is_utf8(to_readable_utf8("utf-8", hostile, 100))) << hostile;
  EXPECT_TRUE(
      is_utf8(to_readable_utf8("UTF-32BE", std::string_view("\x00\x11\x00\x00\x7f\xff\xff\xff", 8), 100)));
}

TEST(Mime, RealAndMalformedMailsGiveValidText) {
  const char* set = std::getenv("MAILASSAY_CONFORMANCE");
  const std::filesystem::path corpus =
      std::filesystem::path(set ? set : TEST_SOURCE_DIR "/../../../../shared/conformance") / "mail-corpus";
  if (!std::filesystem::exists(corpus)) {
    if (std::getenv("CI")) FAIL() << "no mail corpus at " << corpus;
    GTEST_SKIP() << "no mail corpus at " << corpus;
  }
  int mails = 0, with_text = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (entry.path().extension() != ".eml") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const Reading reading = read(std::string(std::istreambuf_iterator<char>(file), {}));
    EXPECT_TRUE(is_utf8(reading.text)) << entry.path();
    for (const auto& attachment : reading.attachments) EXPECT_TRUE(is_utf8(attachment.name)) << entry.path();
    ++mails;
    with_text += reading.text.empty() ? 0 : 1;
  }
  EXPECT_GT(mails, 100);
  EXPECT_GT(with_text, mails / 2);
}

}  // namespace
}  // namespace mailassay::message
