#include "fixture.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

const std::string kMail = "From: a@example.com\r\nSubject: Hello\r\n\r\nHi\r\n";

// Stands for the evaluation: remembers what it was asked, answers with one step.
class Evaluator {
 public:
  HttpServer::Evaluate function() {
    return [this](evaluation::Job job, std::chrono::milliseconds) -> std::optional<evaluation::Judged> {
      asked = std::move(job);
      if (late) return std::nullopt;
      if (fails) throw std::runtime_error("the secret reason");
      evaluation::Judged judged;
      judged.report.message.id = "m";
      judged.report.message.bytes = asked.mail.size();
      trace::Recorder recorder;
      recorder.emit(0, trace::Phase::spf, "spf.started", {});
      judged.steps = recorder.steps();
      return judged;
    };
  }

  evaluation::Job asked;
  bool late = false, fails = false;
};

class Evaluate : public testing::Test {
 protected:
  httplib::Result post(const std::string& query, const std::string& body,
                       const std::string& type = "message/rfc822") {
    return host.client().Post("/api/v1/evaluate" + query, body, type);
  }

  Evaluator evaluator;
  HttpServer host{{}, evaluator.function()};
};

TEST_F(Evaluate, TheReportIsTheAnswer) {
  const auto result = post("?ip=192.0.2.1&helo=mail.example.com&mail_from=a%2Bb%40example.com", kMail);
  EXPECT_EQ(result->status, 200);
  const auto report = json_of(result);
  EXPECT_EQ(report.at("schema").as_int64(), 1);
  EXPECT_EQ(report.at("message").at("bytes").as_int64(), static_cast<std::int64_t>(kMail.size()));
  EXPECT_FALSE(report.contains("steps"));
  EXPECT_EQ(evaluator.asked.mail, kMail);
  EXPECT_EQ(evaluator.asked.ip, "192.0.2.1");
  EXPECT_EQ(evaluator.asked.helo, "mail.example.com");
  EXPECT_EQ(evaluator.asked.mail_from, "a+b@example.com");
  EXPECT_EQ(evaluator.asked.receiver, "mailassay.test");
}

TEST_F(Evaluate, WhatIsNotGivenIsLeftToTheHeaders) {
  EXPECT_EQ(post("", kMail)->status, 200);
  EXPECT_FALSE(evaluator.asked.ip);
  EXPECT_FALSE(evaluator.asked.helo);
  EXPECT_FALSE(evaluator.asked.mail_from);
}

TEST_F(Evaluate, AnEmptyMailFromIsTheNullReversePath) {
  EXPECT_EQ(post("?mail_from=", kMail)->status, 200);
  EXPECT_EQ(evaluator.asked.mail_from, "");
}

TEST_F(Evaluate, StepsComeWhenAsked) {
  const auto answer = json_of(post("?steps=1", kMail));
  ASSERT_EQ(answer.at("steps").as_array().size(), 1U);
  EXPECT_EQ(answer.at("steps").at(0).at("kind").as_string(), "spf.started");
}

TEST_F(Evaluate, CurlsDefaultTypeIsAMailToo) {
  const std::string large = "Subject: a=b&c\r\n\r\n" + std::string(100000, '%') + "\r\n";
  EXPECT_EQ(post("", large, "application/x-www-form-urlencoded")->status, 200);
  EXPECT_EQ(evaluator.asked.mail, large);
}

TEST_F(Evaluate, BadInputIsRefusedByName) {
  for (const auto& [query, body, type, status, word] :
       std::vector<std::tuple<std::string, std::string, std::string, int, std::string>>{
           {"?ip=192.0.2", kMail, "message/rfc822", 400, "parameter ip"},
           {"", "", "message/rfc822", 400, "empty"},
           {"", "{}", "application/json", 415, "message/rfc822"},
           {"", kMail, "multipart/form-data; boundary=x", 415, "message/rfc822"}}) {
    const auto result = post(query, body, type);
    EXPECT_EQ(result->status, status) << word;
    EXPECT_NE(json_of(result).at("detail").as_string().find(word), std::string::npos) << word;
  }
}

TEST_F(Evaluate, TheDeadlineIsAGatewayTimeout) {
  evaluator.late = true;
  const auto result = post("", kMail);
  EXPECT_EQ(result->status, 504);
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/problem+json");
}

TEST_F(Evaluate, AnInnerFailureKeepsItsReason) {
  evaluator.fails = true;
  const auto result = post("", kMail);
  EXPECT_EQ(result->status, 500);
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/problem+json");
  EXPECT_EQ(result->body.find("secret"), std::string::npos);
  for (const auto& [name, value] : result->headers)
    EXPECT_EQ(value.find("secret"), std::string::npos) << name;
}

TEST(EvaluateLimits, AMailOverTheLimitIsRefusedHoweverItComes) {
  http::Options options;
  options.evaluate_limit = 1000;
  Evaluator evaluator;
  HttpServer host(options, evaluator.function());
  auto client = host.client();
  EXPECT_EQ(client.Post("/api/v1/evaluate", std::string(1000, 'a'), "message/rfc822")->status, 200);
  const auto whole = client.Post("/api/v1/evaluate", std::string(1001, 'a'), "message/rfc822");
  EXPECT_EQ(whole->status, 413);
  EXPECT_NE(json_of(whole).at("detail").as_string().find("1000"), std::string::npos);
  int sent = 0;
  const auto chunked = client.Post(
      "/api/v1/evaluate",
      [&](std::size_t, httplib::DataSink& sink) {
        sink.write("aaaaaaaaaa", 10);
        if (++sent == 200) sink.done();
        return true;
      },
      "message/rfc822");
  ASSERT_TRUE(chunked);
  EXPECT_EQ(chunked->status, 413);
}

TEST(EvaluateLimits, SoManyAtOnceAndNoMore) {
  http::Options options;
  options.max_evaluations = 1;
  std::promise<void> entered, leave;
  HttpServer host(options, [&](evaluation::Job, std::chrono::milliseconds) {
    entered.set_value();
    leave.get_future().wait();
    return std::optional<evaluation::Judged>(evaluation::Judged{});
  });
  auto first = std::async(std::launch::async,
                          [&] { return host.client().Post("/api/v1/evaluate", kMail, "message/rfc822"); });
  entered.get_future().wait();
  const auto second = host.client().Post("/api/v1/evaluate", kMail, "message/rfc822");
  EXPECT_EQ(second->status, 503);
  EXPECT_EQ(second->get_header_value("Retry-After"), "1");
  leave.set_value();
  EXPECT_EQ(first.get()->status, 200);
}

}  // namespace
}  // namespace mailassay::test
