#include "dns/cache.h"
#include "dns/lasting.h"
#include "evaluation/evaluation_service.h"
#include "fixture.h"
#include "support/run.h"

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

namespace json = boost::json;

const std::string kMail = "From: a@example.com\r\nSubject: Hello\r\n\r\nHi\r\n";
// Published a minute ago; what resolvers may still say.
const std::string kNow = R"($TTL 300
example.com TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com TXT "v=DMARC1; p=reject"
mail.example.com TXT "v=spf1 a -all"
)";
const std::string kBefore = R"($TTL 120
example.com TXT "v=spf1 -all"
_dmarc.example.com TXT "v=DMARC1; p=reject"
$SERVFAIL mail.example.com TXT
)";

class JudgeAgain : public testing::Test {
 protected:
  JudgeAgain() {
    evaluation::Connection connection;
    connection.ip = net::IpAddress::parse("192.0.2.1");
    connection.envelope.helo = "mail.example.com";
    connection.envelope.mail_from = "bounce@example.com";
    host.add_judged(inbox, "m", kMail, "none", connection);
  }

  static std::unique_ptr<dns::Resolver> zone(const std::string& text) {
    return dns::make_zone_resolver(*dns::Zone::parse(text));
  }
  static std::optional<evaluation::Judged> evaluate(evaluation::Job job, std::chrono::milliseconds) {
    EXPECT_TRUE(job.fresh);
    const auto make = [] {
      return evaluation::FreshDns{dns::make_lasting(zone(kNow)), dns::make_lasting(zone(kBefore))};
    };
    return run(evaluation::judge_fresh(std::move(job), make));
  }
  httplib::Result post(const std::string& id = "m") {
    return host.client().Post("/api/v1/inboxes/" + inbox.token + "/messages/" + id + "/judge-again", "",
                              "application/json");
  }
  static json::object held_of(const json::object& answer, std::string_view name, std::string_view type) {
    json::object found;
    for (const auto& entry : answer.at("held").as_array())
      if (entry.at("name").as_string() == name && entry.at("type").as_string() == type) {
        EXPECT_TRUE(found.empty()) << name << " twice";
        found = entry.as_object();
      }
    EXPECT_FALSE(found.empty()) << name << " is not told";
    return found;
  }

  HttpServer host{{}, evaluate};
  store::Inbox inbox = host.inboxes->create(std::nullopt);
};

TEST_F(JudgeAgain, TheAuthoritativeAnswerDecides) {
  const auto result = post();
  EXPECT_EQ(result->status, 200);
  const auto answer = json_of(result);
  const auto& report = answer.at("report").as_object();
  EXPECT_EQ(report.at("spf").at("result"), "pass");
  EXPECT_EQ(report.at("dmarc").at("result"), "pass");
  EXPECT_EQ(report.at("message").at("id"), "m");
  EXPECT_EQ(report.at("connection").at("source"), "smtp");
  EXPECT_EQ(answer.at("steps").as_array().back().at("kind"), "verdict");
  bool told = false;
  for (const auto& change : answer.at("changed").as_array())
    told = told || (change.at("path") == "dmarc.result" && change.at("before") == "none");
  EXPECT_TRUE(told) << json::serialize(answer.at("changed"));
}

TEST_F(JudgeAgain, TellsWhatResolversStillHold) {
  const auto answer = json_of(post());
  auto held = held_of(answer, "example.com", "TXT");
  EXPECT_EQ(held.at("authoritative_ttl"), 300);
  EXPECT_EQ(held.at("resolver_ttl"), 120);
  EXPECT_EQ(held.at("held_for"), 300);
  EXPECT_EQ(held.at("differs"), true);
  EXPECT_EQ(held.at("server"), "zone");
  EXPECT_EQ(held.at("authoritative").at("records").at(0), "\"v=spf1 ip4:192.0.2.1 -all\"");
  EXPECT_EQ(held.at("resolver").at("records").at(0), "\"v=spf1 -all\"");

  held = held_of(answer, "_dmarc.example.com", "TXT");
  EXPECT_EQ(held.at("differs"), false);
  EXPECT_FALSE(held.contains("resolver"));

  held = held_of(answer, "mail.example.com", "TXT");
  EXPECT_EQ(held.at("differs"), true);
  EXPECT_TRUE(held.at("resolver_ttl").is_null());
  EXPECT_EQ(held.at("resolver").at("status"), "servfail");
}

TEST_F(JudgeAgain, EveryQuestionOfTheStepsIsTold) {
  const auto answer = json_of(post());
  std::size_t asked = 0;
  for (const auto& step : answer.at("steps").as_array()) {
    if (step.at("kind") != "dns.answer") continue;
    ++asked;
    held_of(answer, step.at("data").at("name").as_string(), step.at("data").at("type").as_string());
  }
  EXPECT_GE(asked, 4U);
}

TEST_F(JudgeAgain, NothingIsKept) {
  const auto before = json_of(host.client().Get("/api/v1/inboxes/" + inbox.token + "/messages/m"));
  const auto last = host.store->last_number(inbox.id);
  post();
  EXPECT_EQ(json_of(host.client().Get("/api/v1/inboxes/" + inbox.token + "/messages/m")), before);
  EXPECT_EQ(host.store->last_number(inbox.id), last);
}

TEST_F(JudgeAgain, OnlyAJudgedMessageOfTheInbox) {
  host.add_receiving(inbox, "r");
  EXPECT_EQ(post("r")->status, 409);
  EXPECT_EQ(post("unheard")->status, 404);
  EXPECT_EQ(host.client().Get("/api/v1/inboxes/" + inbox.token + "/messages/m/judge-again")->status, 405);
}

}  // namespace
}  // namespace mailassay::test
