// Mails as mailboxes hand them out: who sent them to that mailbox's server. The forms are those of the real
// servers, the names invented.
#include "evaluation/received_elsewhere.h"

#include "support/steps.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

struct Sample {
  const char* file;
  const char* ip;  // empty: nobody told
  const char* helo;
  const char* mail_from;
  std::vector<std::string> guessed;
  const char* fields;  // that gave ip, helo, mail_from
  const char* by;
  const char* skipped;
};
std::ostream& operator<<(std::ostream& out, const Sample& sample) {
  return out << sample.file;
}

message::Message read(const std::string& name) {
  std::ifstream file(std::string(TEST_SOURCE_DIR) + "/received/" + name + ".eml", std::ios::binary);
  EXPECT_TRUE(file.is_open()) << name;
  return message::Message(std::string(std::istreambuf_iterator<char>(file), {}));
}

// clang-format off
const std::vector<Sample>& samples() {
  static const std::vector<Sample> list{
      {"gmail", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received-SPF Received Return-Path", "mx.google.com", "1"},
      // Both ends are Google's, and the submission below is nobody's business.
      {"gmail_from_gmail", "209.85.220.41", "mail-sor-f41.google.com", "orders@example.com", {},
       "Received-SPF Received Return-Path", "mx.google.com", "1"},
      {"naver", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received-SPF Received Return-Path", "crcvmail104.nm.naver.com", "0"},
      // One name only: Naver writes HELO there, others the reverse name.
      {"naver_no_reverse_name", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {"helo"},
       "Received-SPF Received Return-Path", "crcvmail104.nm.naver.com", "0"},
      {"exchange_online", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received-SPF Received Return-Path", "SJ1PEPF00001CE1.mail.protection.outlook.com", "3"},
      {"postfix", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received Received Return-Path", "mx.receiver.example", "0"},
      {"postfix_behind_filters", "2001:db8::7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received-SPF Received Return-Path", "mx.receiver.example", "3"},
      {"exim", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received Received Return-Path", "mx.receiver.example", "0"},
      {"exim_no_reverse_name", "203.0.113.7", "mail.mailer.example", "", {},
       "Received Received Return-Path", "mx.receiver.example", "0"},
      // Nobody tells the reverse-path: the author is a guess; the null reverse-path would be a claim.
      {"exim_helo_is_reverse_name", "203.0.113.7", "mail.mailer.example", "orders@example.com",
       {"helo", "mail_from"}, "Received Received From", "mx.receiver.example", "0"},
      {"ses_inbound", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received-SPF Received Return-Path", "inbound-smtp.us-east-1.amazonaws.com", "0"},
      {"yahoo", "203.0.113.7", "mail.mailer.example", "bounce@mailer.example", {},
       "Received-SPF Received Return-Path", "10.197.41.135", "1"},
      // Yahoo's own "transitioningmailer.example" is not read; Authentication-Results has the domain alone.
      {"yahoo_softfail", "203.0.113.7", "mail.mailer.example", "postmaster@mailer.example", {"mail_from"},
       "Received-SPF Received Authentication-Results", "10.197.38.75", "1"},
      {"forged_below", "198.51.100.66", "mail.evil.example", "orders@example.com", {"mail_from"},
       "Received Received From", "mx.receiver.example", "0"},
      {"forged_helo", "198.51.100.66", "mx.receiver.example", "orders@example.com", {"mail_from"},
       "Received Received From", "mx.receiver.example", "0"},
      // The two fields disagree, and that is said.
      {"forged_received_spf", "198.51.100.66", "mail.evil.example", "orders@example.com",
       {"ip", "mail_from"}, "Received Received From", "mx.receiver.example", "1"},
      {"private_network", "10.0.0.9", "app.example.com", "app@example.com", {},
       "Received-SPF Received Return-Path", "mx.receiver.example", "0"},
      {"own_outbox", "", "", "orders@example.com", {"mail_from"}, "null null From", "null", "0"},
  };
  return list;
}
// clang-format on

class ReceivedElsewhere : public testing::TestWithParam<Sample> {};

TEST_P(ReceivedElsewhere, NamesTheClient) {
  const auto& sample = GetParam();
  trace::Recorder recorder;
  const auto connection = connection_from_headers(read(sample.file), {&recorder, trace::Phase::connection});
  EXPECT_EQ(connection.source, Source::headers);
  EXPECT_EQ(connection.ip ? connection.ip->to_string() : "", sample.ip);
  EXPECT_EQ(connection.envelope.helo, sample.helo);
  EXPECT_EQ(connection.envelope.mail_from, sample.mail_from);
  EXPECT_EQ(connection.guessed, sample.guessed);
  const std::string kind = "connection.from_headers";
  ASSERT_EQ(recorder.steps().size(), 1U);
  const auto fact = [&](std::string_view key) { return test::fact(recorder, kind, key); };
  EXPECT_EQ(fact("ip_field") + ' ' + fact("helo_field") + ' ' + fact("mail_from_field"), sample.fields);
  EXPECT_EQ(fact("by"), sample.by);
  EXPECT_EQ(fact("skipped"), sample.skipped);
}

INSTANTIATE_TEST_SUITE_P(Files, ReceivedElsewhere, testing::ValuesIn(samples()),
                         [](const auto& info) { return std::string(info.param.file); });

// A file of Received fields alone took minutes when each was looked at, and all above it for each.
TEST(ReceivedElsewhere, LooksAtAHundredHops) {
  const std::string inside = "Received: from a (b [10.0.0.1]) by c\r\n";
  std::string fields;
  for (int i = 0; i < 100000; ++i) fields += inside;
  const std::string client = "Received: from d.example (d.example [203.0.113.7]) by c\r\n";
  trace::Recorder recorder;
  const auto began = std::chrono::steady_clock::now();
  const auto connection = connection_from_headers(message::Message(fields + client + "\r\n"),
                                                  {&recorder, trace::Phase::connection});
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  EXPECT_FALSE(connection.ip);
  fields.resize(99 * inside.size());
  const auto within = connection_from_headers(message::Message(fields + client + "\r\n"),
                                              {&recorder, trace::Phase::connection});
  EXPECT_EQ(within.ip, net::IpAddress::parse("203.0.113.7"));
}

TEST(ReceivedElsewhere, EveryFileIsASample) {
  std::set<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TEST_SOURCE_DIR) + "/received"))
    files.insert(entry.path().stem());
  std::set<std::string> named;
  for (const auto& sample : samples()) named.insert(sample.file);
  EXPECT_EQ(files, named);
}

}  // namespace
}  // namespace mailassay::evaluation
