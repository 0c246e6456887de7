#include "evaluation/dkim/verify.h"
#include "support/dkim_signer.h"
#include "support/run.h"
#include "support/steps.h"
#include "support/txt_resolver.h"

#include <string>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

using test::fact;

const std::string kHeader =
    "From: Joe <joe@example.com>\r\nTo: a@b.example\r\nSubject: Re: dinner\r\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700\r\nMessage-ID: <1@example.com>\r\n";
const std::string kBody = "Hi.\r\n\r\nWe lost the game.\r\n.dot\r\nFrom here on\r\n--b--\r\n";

const test::SigningKey& key() {
  static const auto key = test::SigningKey::rsa(2048);
  return key;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string signed_mail(const test::SignOptions& options = {}, const std::string& body = kBody) {
  return test::sign(kHeader + "\r\n" + body, key(), options);
}

class Forensics : public testing::Test {
 protected:
  void judge(const std::string& octets, const std::string& record = key().record()) {
    recorder = trace::Recorder();
    test::TxtResolver resolver;
    resolver.add("s1._domainkey.example.com", record);
    const message::Message mail(octets);
    const evaluation::Limits limits;
    test::run(verify(mail, resolver, {&recorder, trace::Phase::dkim},
                     std::chrono::system_clock::from_time_t(1800000000), limits));
  }
  std::string what(const std::string& octets, const std::string& record = key().record()) {
    judge(octets, record);
    return fact(recorder, "dkim.forensics", "what");
  }

  trace::Recorder recorder;
};

TEST_F(Forensics, OnlyRunOnAFailure) {
  EXPECT_EQ(what(signed_mail()), "absent");
  EXPECT_EQ(what(signed_mail(), "v=DKIM1; p="), "absent");
}

TEST_F(Forensics, FindsAFooterAndABanner) {
  EXPECT_EQ(what(signed_mail() + "____\r\nlist mailing list\r\nhttps://list.example\r\n"), "lines_inserted");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "line"), "7");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "lines"), "3");
  EXPECT_EQ(what(replaced(signed_mail(), "--b--", "--b\r\n\r\nfooter\r\n--b--")), "lines_inserted");
  EXPECT_EQ(what(replaced(signed_mail(), "Hi.\r\n", "[External]\r\n\r\nHi.\r\n")), "lines_inserted");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "line"), "1");
}

TEST_F(Forensics, FindsABannerAboveALongBody) {
  std::string body;
  for (int i = 0; i < 200; ++i) body += "line " + std::to_string(i) + "\r\n";
  EXPECT_EQ(what(replaced(signed_mail({}, body), "line 0\r\n", "banner\r\nline 0\r\n")), "lines_inserted");
  EXPECT_EQ(what(signed_mail({}, body) + "footer\r\n"), "lines_inserted");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "line"), "201");
}

TEST_F(Forensics, FindsAFooterInAPartThatIsNotTheLast) {
  std::string html;
  for (int i = 0; i < 60; ++i) html += "<p>line " + std::to_string(i) + "</p>\r\n";
  const std::string body = "--b\r\n\r\ntext\r\n--b\r\n\r\n" + html + "--b--\r\n";
  EXPECT_EQ(what(replaced(signed_mail({}, body), "text\r\n", "text\r\n____\r\nlist\r\n")), "lines_inserted");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "line"), "4");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "lines"), "2");
}

TEST_F(Forensics, FindsALongFooter) {
  std::string footer;
  for (int i = 0; i < 100; ++i) footer += "terms " + std::to_string(i) + "\r\n";
  EXPECT_EQ(what(signed_mail() + footer), "lines_inserted");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "lines"), "100");
}

TEST_F(Forensics, FindsWhatRelaysDoToLines) {
  EXPECT_EQ(what(replaced(signed_mail(), "\r\n.dot", "\r\n..dot")), "dot_stuffing_left");
  EXPECT_EQ(what(replaced(signed_mail({}, "..two\r\n"), "..two", ".two")), "dot_stuffing_lost");
  EXPECT_EQ(what(replaced(signed_mail(), "From here", ">From here")), "from_mangled");
  const std::string long_line(1500, 'x');
  EXPECT_EQ(what(replaced(signed_mail({}, long_line + "\r\n"), std::string(990, 'x'),
                          std::string(990, 'x') + "\r\n ")),
            "long_line_wrapped");
}

TEST_F(Forensics, FindsReencodings) {
  const std::string utf8 = "caf\xc3\xa9 = tea\r\n";
  EXPECT_EQ(what(replaced(signed_mail({}, utf8), utf8, "caf=C3=A9 =3D t=\r\nea\r\n")),
            "reencoded_quoted_printable");
  EXPECT_EQ(what(replaced(signed_mail({}, utf8), utf8, test::base64(utf8) + "\r\n")), "reencoded_base64");
  EXPECT_EQ(what(replaced(signed_mail({}, utf8), "\xc3\xa9", "\xe9")), "charset_to_latin1");
  EXPECT_EQ(what(replaced(signed_mail({}, "caf\xe9\r\n"), "\xe9", "\xc3\xa9")), "charset_to_utf8");
}

TEST_F(Forensics, SaysWhenNothingFits) {
  EXPECT_EQ(what(replaced(signed_mail(), "lost", "won")), "not_found");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "part"), "body");
  EXPECT_EQ(what(replaced(signed_mail(), "a@b.example", "c@b.example")), "not_found");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "part"), "header");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "key_fits"), "true");
}

TEST_F(Forensics, TellsAnotherKeyFromAChange) {
  EXPECT_EQ(what(signed_mail(), test::SigningKey::rsa(2048).record()), "another_key");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "key_fits"), "false");
}

TEST_F(Forensics, NamesTheHeaderFieldThatChanged) {
  EXPECT_EQ(what(replaced(signed_mail(), "Re: dinner", "Re: [list] dinner")), "subject_prefix");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "before"), "Re: dinner");
  EXPECT_EQ(what(replaced(signed_mail(), "Re: dinner", "***SPAM*** Re: dinner")), "subject_prefix");
  EXPECT_EQ(what(replaced(signed_mail(), "From: Joe <joe@example.com>",
                          "From: Joe via List <list@b.example>\r\nReply-To: Joe <joe@example.com>")),
            "field_rewritten");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "field"), "From");
}

TEST_F(Forensics, FindsFieldsAddedAndAnotherOfTheName) {
  test::SignOptions options;
  options.headers = {"from", "to", "reply-to"};
  EXPECT_EQ(what(replaced(signed_mail(options), "To: a@b", "Reply-To: list@b.example\r\nTo: a@b")),
            "field_added");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "field"), "Reply-To");
  EXPECT_EQ(what(replaced(signed_mail(options), "\r\nDate:", "\r\nTo: other@b.example\r\nDate:")),
            "another_of_that_name");
}

TEST_F(Forensics, FindsRefoldingUnderSimple) {
  test::SignOptions options;
  options.header_canonicalization = "simple";
  EXPECT_EQ(what(replaced(signed_mail(options), "Re: dinner", "Re:\r\n dinner")), "refolded");
}

TEST_F(Forensics, ReadsTheCopiesOfZ) {
  test::SignOptions options;
  options.more_tags = "z=From:Joe=20<joe@example.com>|To:a@b.example|Subject:Re:=20dinner";
  EXPECT_EQ(what(replaced(signed_mail(options), "Re: dinner", "supper")), "field_changed");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "field"), "Subject");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "before"), "Re: dinner");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "after"), "supper");
  EXPECT_EQ(what(replaced(signed_mail(options), "Subject: Re: dinner\r\n", "")), "field_removed");
}

TEST_F(Forensics, OfZOnlySignedFieldsAreEvidence) {
  test::SignOptions options;
  options.headers = {"from", "to", "subject"};
  options.more_tags = "z=From:Joe=20<joe@example.com>|X-Mailer:foo|Subject:Re:=20dinner";
  EXPECT_EQ(what(replaced(signed_mail(options), "Re: dinner", "supper")), "field_changed");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "field"), "Subject");
}

// What z= tells is kept although another change, which it does not show, leaves no hash that fits.
TEST_F(Forensics, WhatZTellsIsKeptBesideAnotherChange) {
  test::SignOptions options;
  options.more_tags = "z=Subject:Re:=20dinner";
  const auto mail = replaced(signed_mail(options), "Re: dinner", "supper");
  EXPECT_EQ(what(replaced(mail, "a@b.example", "c@b.example")), "field_changed");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "field"), "Subject");
}

TEST_F(Forensics, FindsFoldsThatStoodElsewhere) {
  test::SignOptions options;
  options.header_canonicalization = "simple";
  const std::string subject = "Subject: Re: dinner\r\n";
  for (const char* before :
       {"Subject: Re:\r\n dinner\r\n", "Subject: Re:\r\n\tdinner\r\n", "Subject:\r\n Re: dinner\r\n",
        "Subject:Re: dinner\r\n", "Subject: Re: dinner \r\n"}) {
    const auto mail = test::sign(replaced(kHeader, subject, before) + "\r\n" + kBody, key(), options);
    EXPECT_EQ(what(replaced(mail, before, subject)), "refolded") << before;
    EXPECT_EQ(fact(recorder, "dkim.forensics", "field"), "Subject");
  }
  EXPECT_EQ(what(replaced(signed_mail(options), "Re: dinner", "Re:  dinner ")), "refolded");
  // Some folders leave the space before the fold.
  const auto spaced = replaced(kHeader, "Re: dinner", "Re: \r\n dinner") + "\r\n" + kBody;
  const auto mail = test::sign(spaced, key(), options);
  EXPECT_EQ(what(replaced(mail, "Re: \r\n dinner", "Re:  dinner")), "refolded");
  EXPECT_EQ(what(replaced(mail, "Re: \r\n dinner", "Re: \r\n\tdinner")), "refolded");
}

TEST_F(Forensics, FindsASubjectThatWasEncodedAnew) {
  const std::string raw = "Re: caf\xc3\xa9 time";
  const std::string words[] = {raw,
                               "=?UTF-8?B?" + test::base64(raw) + "?=", "=?utf-8?q?Re=3A_caf=C3=A9_time?="};
  for (const auto& before : words)
    for (const auto& after : words) {
      if (before == after) continue;
      const auto mail = test::sign(replaced(kHeader, "Re: dinner", before) + "\r\n" + kBody, key());
      EXPECT_EQ(what(replaced(mail, before, after)), "subject_reencoded") << before << " -> " << after;
      EXPECT_EQ(fact(recorder, "dkim.forensics", "before"), before);
    }
}

TEST_F(Forensics, FindsWhiteSpaceAtLineEnds) {
  test::SignOptions options;
  options.body_canonicalization = "simple";
  EXPECT_EQ(what(replaced(signed_mail(options), "game.\r\n", "game. \r\n")), "trailing_white_space");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "line"), "3");
  auto two = replaced(signed_mail(options), "Hi.\r\n", "Hi.\t \r\n");
  EXPECT_EQ(what(replaced(two, "game.\r\n", "game. \r\n")), "trailing_white_space");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "line"), "1");
  // Another line may have had some when it was signed.
  EXPECT_EQ(what(replaced(signed_mail(options, "one \r\ntwo\r\n"), "two\r\n", "two \r\n")),
            "trailing_white_space");
  EXPECT_EQ(fact(recorder, "dkim.forensics", "line"), "2");
}

TEST_F(Forensics, FindsAFooterUnderAnEmptyBody) {
  for (const char* canonicalization : {"simple", "relaxed"}) {
    test::SignOptions options;
    options.body_canonicalization = canonicalization;
    EXPECT_EQ(what(signed_mail(options, "") + "____\r\nlist\r\n"), "lines_inserted") << canonicalization;
    EXPECT_EQ(fact(recorder, "dkim.forensics", "lines"), "2");
  }
}

// Signers that hash something else than they say.
TEST_F(Forensics, FindsWhatSignersHashInstead) {
  test::SignOptions options;
  options.body_canonicalization = "simple";
  const auto hashed = [&](const std::string& octets) {
    const auto mail = signed_mail(options);
    const auto at = mail.find("bh=") + 3;
    return what(
        std::string(mail).replace(at, mail.find(';', at) - at, test::base64(test::hash(octets, "sha256"))));
  };
  EXPECT_EQ(hashed(""), "empty_body_hashed");
  EXPECT_EQ(hashed("Hi.\n\nWe lost the game.\n.dot\nFrom here on\n--b--\n"), "line_endings");
}

TEST_F(Forensics, Ed25519IsTriedByVerifying) {
  const auto ed25519 = test::SigningKey::ed25519();
  const std::string mail = test::sign(kHeader + "\r\n" + kBody, ed25519);
  EXPECT_EQ(what(replaced(mail, "Re: dinner", "[list] Re: dinner"), ed25519.record()), "subject_prefix");
}

TEST_F(Forensics, AreBoundedOnHugeMails) {
  std::string body;
  for (int i = 0; i < 100000; ++i) body += "a line of a huge body, number " + std::to_string(i) + "\r\n";
  EXPECT_EQ(what(replaced(signed_mail({}, body), "number 50000", "nummer 50000")), "not_found");
}

}  // namespace
}  // namespace mailassay::dkim
