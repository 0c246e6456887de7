#include "fixture.h"

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

// Odd octets on purpose: raw is raw.
const std::string kMail =
    "From: a@example.com\r\nSubject: Hello\r\n"
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s1; h=from:subject;\r\n"
    " bh=AAAA; b=BBBB\r\n\r\nHello  world \r\n\xff\r\n\r\n\r\n";

class Messages : public testing::Test {
 protected:
  Messages() : inbox(host.inboxes->create(std::nullopt)) {
    host.add_judged(inbox, "m1", kMail);
    host.add_receiving(inbox, "m2");
  }
  httplib::Result get(const std::string& path) {
    return host.client().Get("/api/v1/inboxes/" + inbox.token + "/messages/" + path);
  }

  HttpServer host;
  store::Inbox inbox;
};

TEST_F(Messages, TheReportIsTheOneThatWasKept) {
  const auto result = get("m1");
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/json");
  EXPECT_EQ(result->get_header_value("Cache-Control"), "no-store");
  const auto report = json_of(result);
  EXPECT_EQ(report.at("schema").as_int64(), 1);
  EXPECT_EQ(report.at("dmarc").at("result").as_string(), "pass");
}

TEST_F(Messages, WhatIsNotJudgedYetIsNull) {
  const auto report = json_of(get("m2"));
  EXPECT_EQ(report.at("schema").as_int64(), 1);
  EXPECT_EQ(report.at("message").at("id").as_string(), "m2");
  for (const char* part : {"spf", "spf_helo", "dkim", "arc", "dmarc"})
    EXPECT_TRUE(report.at(part).is_null()) << part;
  EXPECT_EQ(report.at("connection").at("ip").as_string(), "192.0.2.7");  // what is known is told
}

TEST_F(Messages, AnUnknownMessageIsNotFound) {
  for (const char* path : {"nope", "nope/raw", "nope/dkim/0/canonical"}) {
    const auto result = get(path);
    EXPECT_EQ(result->status, 404) << path;
    EXPECT_NE(json_of(result).at("detail").as_string().find("no message"), std::string::npos) << path;
  }
}

TEST_F(Messages, AMessageOfAnotherInboxIsNotFound) {
  const auto other = host.inboxes->create(std::nullopt);
  const auto result = host.client().Get("/api/v1/inboxes/" + other.token + "/messages/m1/raw");
  EXPECT_EQ(result->status, 404);
}

TEST_F(Messages, RawIsTheOctetsAndNeverAPage) {
  const auto result = get("m1/raw");
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, kMail);
  EXPECT_EQ(result->get_header_value("Content-Type"), "message/rfc822");
  EXPECT_EQ(result->get_header_value("Content-Disposition"), "attachment; filename=\"m1.eml\"");
  EXPECT_EQ(result->get_header_value("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(result->get_header_value("Content-Security-Policy"), "sandbox; default-src 'none'");
}

TEST_F(Messages, RawOfAMailStillArrivingIsNotFound) {
  const auto result = get("m2/raw");
  EXPECT_EQ(result->status, 404);
  EXPECT_NE(json_of(result).at("detail").as_string().find("receiving"), std::string::npos);
}

TEST_F(Messages, RangesAreNotCut) {
  const auto result = host.client().Get("/api/v1/inboxes/" + inbox.token + "/messages/m1/raw",
                                        httplib::Headers{{"Range", "bytes=0-3"}});
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, kMail);
}

TEST_F(Messages, TheCanonicalFormIsWhatWasHashed) {
  const std::string body = get("m1/dkim/0/canonical?part=body")->body;
  EXPECT_EQ(body, "Hello world\r\n\xff\r\n");
  const std::string header = get("m1/dkim/0/canonical?part=header")->body;
  EXPECT_TRUE(header.starts_with("from:a@example.com\r\nsubject:Hello\r\ndkim-signature:v=1;")) << header;
  const auto both = get("m1/dkim/0/canonical");
  EXPECT_EQ(both->body, header + body);
  EXPECT_EQ(both->get_header_value("Mailassay-Header-Bytes"), std::to_string(header.size()));
  EXPECT_EQ(both->get_header_value("Content-Type"), "application/octet-stream");
}

TEST_F(Messages, ASignatureThatIsNotThereIsNotFound) {
  for (const char* n : {"1", "x", "-1", "99999999999999999999"}) {
    EXPECT_EQ(get("m1/dkim/" + std::string(n) + "/canonical")->status, 404) << n;
  }
  const auto result = get("m1/dkim/0/canonical?part=all");
  EXPECT_EQ(result->status, 400);
  EXPECT_NE(json_of(result).at("detail").as_string().find("part"), std::string::npos);
}

}  // namespace
}  // namespace mailassay::test
