#include "fixture.h"

#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

const std::string kMail = "Subject: Hello\r\n\r\nHi\r\n";

class Wait : public testing::Test {
 protected:
  Wait() : inbox(host.inboxes->create(std::nullopt)) {}
  httplib::Result wait(const std::string& query) {
    return host.client().Get("/api/v1/inboxes/" + inbox.token + "/wait?" + query);
  }
  static std::string id_of(const httplib::Result& result) {
    return std::string(json_of(result).at("message").at("id").as_string());
  }

  HttpServer host;
  store::Inbox inbox;
};

TEST_F(Wait, NothingInTimeIsNoContent) {
  host.add_receiving(inbox, "m1");
  const auto result = wait("timeout=0");
  EXPECT_EQ(result->status, 204);
  EXPECT_EQ(result->body, "");
}

TEST_F(Wait, AnExpectationMayBeWrittenAsOnTheCommandLine) {
  host.add_judged(inbox, "m1", kMail);
  EXPECT_EQ(wait("timeout=0&expect=dmarc=pass")->status, 200);
  EXPECT_EQ(wait("timeout=0&expect=dmarc=fail")->status, 422);
}

TEST_F(Wait, AReportThatIsThereComesAtOnce) {
  host.add_judged(inbox, "m1", kMail);
  host.add_judged(inbox, "m2", kMail);
  const auto result = wait("timeout=0");
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(id_of(result), "m1");
}

TEST_F(Wait, AReportThatComesWhileWaitingIsAnswered) {
  auto waiting = std::async(std::launch::async, [&] { return wait("timeout=20"); });
  host.add_judged(inbox, "m1", kMail);
  const auto result = waiting.get();
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(id_of(result), "m1");
}

TEST_F(Wait, AfterGivesTheNext) {
  host.add_judged(inbox, "m1", kMail);
  host.add_judged(inbox, "m2", kMail);
  EXPECT_EQ(id_of(wait("timeout=0&after=m1")), "m2");
  EXPECT_EQ(wait("timeout=0&after=m2")->status, 204);
}

TEST_F(Wait, TheNextIsByJudgementSoThatNoneIsMissed) {
  const auto slow = host.add_receiving(inbox, "slow");
  host.add_judged(inbox, "fast", kMail);
  EXPECT_EQ(id_of(wait("timeout=0")), "fast");
  EXPECT_EQ(wait("timeout=0&after=fast")->status, 204);
  host.judge(slow, "fail");
  EXPECT_EQ(id_of(wait("timeout=0&after=fast")), "slow");
  EXPECT_EQ(wait("timeout=0&after=slow")->status, 204);
}

TEST_F(Wait, ExpectationsThatHoldAreTwoHundred) {
  host.add_judged(inbox, "m1", kMail);
  const auto result = wait("timeout=0&expect=dmarc%3Dpass&expect=spf.result%3Dpass");
  EXPECT_EQ(result->status, 200);
  EXPECT_FALSE(json_of(result).contains("unmet"));
}

TEST_F(Wait, AnExpectationThatFailsComesWithTheReport) {
  host.add_judged(inbox, "m1", kMail, "fail");
  const auto result = wait("timeout=0&expect=dmarc%3Dpass&expect=spf%3Dpass");
  EXPECT_EQ(result->status, 422);
  const auto report = json_of(result);
  EXPECT_EQ(report.at("dmarc").at("result").as_string(), "fail");
  const auto& unmet = report.at("unmet").as_array();
  ASSERT_EQ(unmet.size(), 1U);
  EXPECT_NE(unmet[0].as_string().find("dmarc"), std::string::npos);
}

TEST_F(Wait, ParametersAreChecked) {
  for (const auto& [query, word] :
       std::vector<std::pair<std::string, std::string>>{{"timeout=601", "600"},
                                                        {"timeout=x", "timeout"},
                                                        {"timeout=0&expect=dmarc", "expect"},
                                                        {"timeout=0&after=nope", "after"}}) {
    const auto result = wait(query);
    EXPECT_EQ(result->status, 400) << query;
    EXPECT_NE(json_of(result).at("detail").as_string().find(word), std::string::npos) << query;
  }
}

TEST_F(Wait, ADeletedInboxEndsTheWait) {
  auto waiting = std::async(std::launch::async, [&] { return wait("timeout=20"); });
  while (host.client().Get("/metrics")->body.find("\nmailassay_viewers 1\n") == std::string::npos) {
  }
  host.inboxes->remove(inbox.token);
  EXPECT_EQ(waiting.get()->status, 404);
}

TEST_F(Wait, StoppingEndsTheWait) {
  auto waiting = std::async(std::launch::async, [&] { return wait("timeout=600"); });
  while (host.client().Get("/metrics")->body.find("\nmailassay_viewers 1\n") == std::string::npos) {
  }
  host.server->stop();
  EXPECT_EQ(waiting.get()->status, 503);
}

}  // namespace
}  // namespace mailassay::test
