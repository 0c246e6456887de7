#include "evaluation/mail_route.h"

#include "support/steps.h"

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

struct Route {
  trace::Recorder recorder;
  explicit Route(std::string mail) {
    tell_route(message::Message(std::move(mail)), {&recorder, trace::Phase::message});
  }

  std::string fact(std::string_view key) const { return test::fact(recorder, "message.route", key); }

  // That fact of every hop.
  std::vector<std::string> each(std::string_view key) const {
    std::vector<std::string> found;
    for (const auto& fact : recorder.steps().at(0).data)
      if (const auto* hops = std::get_if<trace::List>(&fact.value.storage()))
        for (const auto& hop : *hops)
          for (const auto& told : std::get<trace::Facts>(hop.storage()))
            if (told.key == key) found.push_back(test::text_of(told.value));
    return found;
  }
};

using Texts = std::vector<std::string>;

std::string sample(const std::string& name) {
  std::ifstream file(std::string(TEST_SOURCE_DIR) + "/received/" + name + ".eml", std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string hop(const std::string& from, const std::string& time) {
  return "Received: from " + from + " by mx.example with ESMTP; Tue, 24 Nov 2026 " + time + " +0000\r\n";
}

TEST(MailRoute, GoesFromTheOldestHopToTheNewest) {
  const Route route(hop("c.example", "02:01:30") + hop("b.example", "02:00:30") +
                    hop("a.example", "02:00:00") + "From: a@example.com\r\n\r\n");
  EXPECT_EQ(route.fact("count"), "3");
  EXPECT_EQ(route.fact("seconds"), "90");
  EXPECT_EQ(route.fact("skewed"), "false");
  EXPECT_EQ(route.each("from"), (Texts{"a.example", "b.example", "c.example"}));
  EXPECT_EQ(route.each("delay_seconds"), (Texts{"null", "30", "60"}));
  EXPECT_EQ(route.each("at").front(), "2026-11-24T02:00:00.000000Z");
}

TEST(MailRoute, TellsAClockThatIsWrong) {
  const Route route(hop("b.example", "01:59:50") + hop("a.example", "02:00:00") + "\r\n");
  EXPECT_EQ(route.each("delay_seconds"), (Texts{"null", "-10"}));
  EXPECT_EQ(route.fact("skewed"), "true");
  EXPECT_EQ(route.fact("seconds"), "-10");
}

// The hop in the middle tells no time, so the delay is from the one before it.
TEST(MailRoute, LeavesOutWhatAFieldDoesNotSay) {
  const Route route(hop("c.example", "02:00:09") +
                    "Received: from [192.0.2.7] (HELO b) by mx.example; whenever\r\n" +
                    "Received: whatever\r\n" + hop("a.example", "02:00:00") + "\r\n");
  EXPECT_EQ(route.each("at").at(2), "null");
  EXPECT_EQ(route.each("delay_seconds"), (Texts{"null", "null", "null", "9"}));
  EXPECT_EQ(route.each("ip"), (Texts{"null", "null", "192.0.2.7", "null"}));
  EXPECT_EQ(route.each("from").at(1), "null");
  EXPECT_EQ(route.each("with"), (Texts{"ESMTP", "null", "null", "ESMTP"}));
}

TEST(MailRoute, ReadsRealServers) {
  const Route gmail(sample("gmail"));
  EXPECT_EQ(gmail.each("by"),
            (Texts{"mail.mailer.example", "mx.google.com", "2002:a05:7022:6881:b0:8a:1c2d:3e4f"}));
  EXPECT_EQ(gmail.each("with"), (Texts{"ESMTPSA", "ESMTPS", "SMTP"}));
  EXPECT_EQ(gmail.each("delay_seconds"), (Texts{"null", "null", "0"}));
  const Route exchange(sample("exchange_online"));
  for (const auto& at : exchange.each("at")) EXPECT_NE(at, "null");
}

TEST(MailRoute, IsNotToldOfAMailWithoutTrace) {
  EXPECT_TRUE(Route("From: a@example.com\r\n\r\nReceived: from a\r\n").recorder.steps().empty());
}

TEST(MailRoute, IsBounded) {
  std::string mail = hop("oldest.example", "01:00:00");
  for (int i = 0; i < 60; ++i) mail.insert(0, hop("x.example", "02:00:00"));
  mail.insert(0, hop(std::string(5000, 'x'), "03:00:00"));
  const Route route(mail + "\r\n");
  EXPECT_EQ(route.fact("count"), "62");
  EXPECT_EQ(route.each("from").size(), 50U);
  EXPECT_EQ(route.each("from").front(), "x.example");
  EXPECT_EQ(route.each("from").back().size(), 255U);
}

}  // namespace
}  // namespace mailassay::evaluation
