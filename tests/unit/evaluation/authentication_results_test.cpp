// Whatever stands in a mail or a session, the results of the Authentication-Results field are ours and no
// others.
#include "evaluation/authentication_results.h"

#include "authres_parser.h"

#include <algorithm>
#include <rapidcheck.h>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

using test::parse;
using test::Property;

Report judged() {
  Report report;
  report.connection.ip = net::IpAddress::parse("2001:db8::7");
  report.connection.envelope.helo = "mail.example.com";
  report.connection.envelope.mail_from = "bounce@example.com";
  report.iprev = iprev::Outcome{Result::pass, {"mail.example.com"}, ""};
  report.spf = spf::Outcome{};
  report.spf->result = Result::softfail;
  report.spf_helo = spf::Outcome{};
  report.dkim.emplace(1);
  auto& signature = report.dkim->front();
  signature.result = Result::fail;
  signature.cause = "body_hash_mismatch";
  signature.domain = "example.com";
  signature.identity = "@news.example.com";
  signature.selector = "s1";
  signature.algorithm = "rsa-sha256";
  signature.signature = "AbC/+fGh";
  report.arc = arc::Outcome{Result::pass, 2, ""};
  dmarc::Outcome dmarc;
  dmarc.result = Result::fail;
  dmarc.cause = "nothing_passed";
  dmarc.from_domain = "example.com";
  dmarc.policy = "reject";
  report.dmarc = dmarc::Outcomes{dmarc, dmarc};
  return report;
}

TEST(AuthenticationResults, HasEveryMethodWithItsProperties) {
  EXPECT_EQ(
      authentication_results(judged(), "mx.receiver.example"),
      "mx.receiver.example;\r\n"
      "\tiprev=pass policy.iprev=\"2001:db8::7\";\r\n"
      "\tspf=softfail smtp.mailfrom=bounce@example.com;\r\n"
      "\tspf=none smtp.helo=mail.example.com;\r\n"
      "\tdkim=fail reason=body_hash_mismatch header.d=example.com header.i=@news.example.com header.s=s1 "
      "header.a=rsa-sha256 header.b=\"AbC/+fGh\";\r\n"
      "\tarc=pass smtp.remote-ip=\"2001:db8::7\";\r\n"
      "\tdmarc=fail reason=nothing_passed header.from=example.com policy.dmarc=reject");
}

// RFC 5322 section 2.1.1: 998 octets a line.
TEST(AuthenticationResults, LongValuesAreFoldedAndWhatFitsNoLineIsLeftOut) {
  auto report = judged();
  report.connection.envelope.helo = std::string(2000, 'h');
  report.dkim->front().domain = std::string(600, 'd');
  report.dkim->front().identity = std::string(600, 'i');
  const auto field = authentication_results(report, "mx.receiver.example");
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 2) {
    end = field.find("\r\n", begin);
    EXPECT_LE(std::min(end, field.size()) - begin, 998U);
  }
  EXPECT_EQ(field.find("smtp.helo="), std::string::npos);
  EXPECT_NE(field.find("\r\n\theader.i=" + std::string(600, 'i') + " header.s=s1"), std::string::npos);
  EXPECT_NE(field.find("spf=none;\r\n"), std::string::npos);
}

TEST(AuthenticationResults, WithoutAnythingJudgedSaysNone) {
  EXPECT_EQ(authentication_results({}, "mx.receiver.example"), "mx.receiver.example; none");
}

TEST(AuthenticationResults, WhatIsEmptyIsLeftOut) {
  auto report = judged();
  report.dkim->clear();
  report.arc = arc::Outcome{};
  report.connection.envelope.mail_from.clear();
  report.dmarc->rfc9989 = {};
  const auto parsed = parse(authentication_results(report, "mx"));
  EXPECT_EQ(parsed.words(), "iprev=pass spf=softfail spf=none dkim=none arc=none dmarc=none ");
  EXPECT_EQ(parsed.property("spf", "smtp.mailfrom"), "postmaster@mail.example.com");  // the null reverse-path
  EXPECT_EQ(parsed.property("arc", "smtp.remote-ip"), "absent");
  EXPECT_EQ(parsed.property("dmarc", "header.from"), "absent");
  EXPECT_EQ(parsed.property("dmarc", "policy.dmarc"), "absent");
}

TEST(AuthenticationResults, EverySignatureHasItsOwnResult) {
  auto report = judged();
  report.dkim->push_back(report.dkim->front());
  report.dkim->back().result = Result::pass;
  report.dkim->back().cause.clear();
  report.dkim->back().domain = "other.example";
  const auto parsed = parse(authentication_results(report, "mx"));
  ASSERT_EQ(parsed.results.size(), 7U);
  EXPECT_EQ(parsed.results[3].properties.at(1), (Property{"header.d", "example.com"}));
  EXPECT_EQ(parsed.results[4].result, "pass");
  EXPECT_EQ(parsed.results[4].properties.at(0), (Property{"header.d", "other.example"}));
}

// Pieces that try to end a value, a result, a line or the field.
std::string hostile_text() {
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
      rc::gen::elementOf(std::vector<std::string>{"a",
                                                  "example.com",
                                                  "@",
                                                  ".",
                                                  ";",
                                                  " ",
                                                  "\t",
                                                  "\r\n",
                                                  "\r",
                                                  "\n",
                                                  "\"",
                                                  "\\",
                                                  "(",
                                                  ")",
                                                  "=",
                                                  ",",
                                                  "<",
                                                  ">",
                                                  "/",
                                                  "; dmarc=pass",
                                                  "\r\n\tspf=pass",
                                                  "\r\n\r\n",
                                                  std::string(1, '\0'),
                                                  "\x7f",
                                                  "\xff",
                                                  "\xed\x95\x9c",
                                                  "none"}));
  std::string text;
  for (const auto& piece : pieces) text += piece;
  return text;
}

// What a reader may be shown of a text: itself, with "?" or U+FFFD for what a field cannot hold.
bool stands_for(std::string_view shown, std::string_view text) {
  std::string readable;
  for (const char c : text)
    readable += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? "?"
                : c == '\xff'                                     ? "\uFFFD"
                                                                  : std::string(1, c);
  return shown == readable;
}

TEST(AuthenticationResults, NothingInAMailOrASessionAddsAResult) {
  EXPECT_TRUE(rc::check([] {
    auto report = judged();
    auto& signature = report.dkim->front();
    const std::vector<std::string*> texts{&report.connection.envelope.mail_from,
                                          &report.connection.envelope.helo,
                                          &signature.domain,
                                          &signature.identity,
                                          &signature.selector,
                                          &signature.algorithm,
                                          &signature.signature,
                                          &report.dmarc->rfc9989.from_domain};
    for (auto* text : texts) *text = hostile_text();
    const auto field = authentication_results(report, "mx.receiver.example");
    const auto parsed = parse(field);  // throws at whatever the grammar does not have
    RC_ASSERT(parsed.id == "mx.receiver.example");
    RC_ASSERT(parsed.words() == "iprev=pass spf=softfail spf=none dkim=fail arc=pass dmarc=fail ");
    const auto shows = [&](const char* method, const char* name, const std::string& text) {
      const auto shown = parsed.property(method, name);
      const bool fits_a_line = property_value(text).size() < 900;
      const bool right =
          text.empty() || (!fits_a_line && shown == "absent") ? shown == "absent" : stands_for(shown, text);
      RC_ASSERT(right);
    };
    if (!texts[0]->empty()) shows("spf", "smtp.mailfrom", *texts[0]);
    shows("spf", "smtp.helo", *texts[1]);
    shows("dkim", "header.d", signature.domain);
    shows("dkim", "header.i", signature.identity);
    shows("dkim", "header.s", signature.selector);
    shows("dkim", "header.a", signature.algorithm);
    shows("dkim", "header.b", signature.signature);
    shows("dmarc", "header.from", report.dmarc->rfc9989.from_domain);
  }));
}

}  // namespace
}  // namespace mailassay::evaluation
