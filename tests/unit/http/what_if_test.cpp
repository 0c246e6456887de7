#include "evaluation/evaluation_service.h"
#include "fixture.h"
#include "support/run.h"

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

const std::string kMail = "From: a@example.com\r\nSubject: Hello\r\n\r\nHi\r\n";
const std::string kZone =
    "example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n_dmarc.example.com TXT \"v=DMARC1; p=reject\"";

// The real evaluation; the live DNS is an empty zone.
class WhatIf : public testing::Test {
 protected:
  WhatIf() {
    evaluation::Connection connection;
    connection.ip = net::IpAddress::parse("192.0.2.1");
    connection.envelope.helo = "mail.example.net";
    connection.envelope.mail_from = "bounce@example.net";
    host.add_judged(inbox, "m", kMail, "none", connection);
  }

  static std::optional<evaluation::Judged> evaluate(evaluation::Job job, std::chrono::milliseconds) {
    const auto live = dns::make_zone_resolver(*dns::Zone::parse(""));
    return run(evaluation::judge(std::move(job), *live));
  }
  httplib::Result post(const std::string& body, const std::string& id = "m") {
    return host.client().Post("/api/v1/inboxes/" + inbox.token + "/messages/" + id + "/what-if", body,
                              "application/json");
  }
  std::string refusal(const std::string& body) {
    const auto result = post(body);
    return std::to_string(result->status) + " " + std::string(json_of(result).at("detail").as_string());
  }

  HttpServer host{{}, evaluate};
  store::Inbox inbox = host.inboxes->create({});
};

TEST_F(WhatIf, AZoneAndASenderTurnTheVerdict) {
  const auto zone = boost::json::serialize(boost::json::value(kZone));
  const auto answer = json_of(post(R"({"zone": )" + zone + R"(, "mail_from": "bounce@example.com"})"));
  const auto& report = answer.at("report").as_object();
  EXPECT_EQ(report.at("spf").at("result"), "pass");
  EXPECT_EQ(report.at("dmarc").at("result"), "pass");
  EXPECT_EQ(report.at("message").at("id"), "m");
  EXPECT_EQ(report.at("connection").at("source"), "command");
  EXPECT_EQ(report.at("connection").at("helo"), "mail.example.net");  // what is not exchanged stays
  EXPECT_GT(answer.at("steps").as_array().size(), 5U);
  bool told = false;
  for (const auto& change : answer.at("changed").as_array())
    if (change.at("path") == "dmarc.result")
      told = change.at("before") == "none" && change.at("after") == "pass";
  EXPECT_TRUE(told) << boost::json::serialize(answer.at("changed"));
}

TEST_F(WhatIf, AnOverlayReplacesPartsAndTheRestIsLive) {
  const auto answer = json_of(post(R"({"overlay": "example.net TXT \"v=spf1 +all\""})"));
  EXPECT_EQ(answer.at("report").at("spf").at("result"), "pass");
  EXPECT_EQ(answer.at("report").at("spf").at("domain"), "example.net");
  EXPECT_EQ(answer.at("report").at("dmarc").at("cause"), "no_record");
  EXPECT_EQ(answer.at("report").at("connection").at("source"), "smtp");
}

TEST_F(WhatIf, NothingIsKept) {
  post(R"({"overlay": "example.net TXT \"v=spf1 -all\""})");
  const auto report = json_of(host.client().Get("/api/v1/inboxes/" + inbox.token + "/messages/m"));
  EXPECT_EQ(report.at("spf").at("result"), "pass");
}

TEST_F(WhatIf, BadBodiesAreNamed) {
  EXPECT_TRUE(refusal("[]").starts_with("400 the body is not a JSON object"));
  EXPECT_EQ(refusal(R"({"zone": "a TXT x", "overlay": "a TXT x"})").substr(0, 37),
            "400 zone and overlay exclude each oth");
  EXPECT_TRUE(refusal(R"({"zone": "a TXT x\nb NONSENSE y"})").starts_with("400 zone line 2: "));
  EXPECT_TRUE(refusal(R"({"ip": "nowhere"})").starts_with("400 ip is not an IP address"));
  EXPECT_TRUE(refusal(R"({"helo": 7})").starts_with("400 helo is not a string"));
  EXPECT_TRUE(refusal(R"({"zones": ""})").starts_with("400 member \"zones\" is unknown"));
}

TEST_F(WhatIf, OnlyAJudgedMessageCanBeJudgedAgain) {
  host.add_receiving(inbox, "r");
  EXPECT_EQ(post("{}", "r")->status, 409);
  EXPECT_EQ(post("{}", "unheard")->status, 404);
}

}  // namespace
}  // namespace mailassay::test
