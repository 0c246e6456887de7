#include "http/masking.h"

#include "evaluation/spf/macro.h"
#include "http/mask_text.h"
#include "intake/connection_json.h"
#include "journal/event.h"

#include <algorithm>
#include <rapidcheck.h>

#include <gtest/gtest.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;

store::Event event_of(trace::Phase phase, std::string kind, json::object data) {
  return {1, 0, "m", {}, phase, std::move(kind), std::move(data)};
}

// The message that the tests know: what is secret in it, and its masking.
struct Known {
  explicit Known(std::string mail_from = "bounce-team@example.com", const std::string& ip = "192.0.2.1") {
    evaluation::Connection connection;
    connection.ip = net::IpAddress::parse(ip);
    connection.envelope.mail_from = std::move(mail_from);
    connection.envelope.rcpt_to = {"ld-k7m3-x9pq-h4tzw@mailassay.test"};
    message.connection = intake::to_json(connection);
    inbox.local_part = "ld-k7m3-x9pq-h4tzw";
  }
  std::string masked(store::Event event) const {
    Masking(inbox, message, {event}).mask(event);
    return json::serialize(event.data);
  }
  store::Inbox inbox;
  store::Message message;
};

TEST(Masking, TheReportKeepsWhatItIsFor) {
  const Known known;
  json::object report =
      json::parse(R"({"schema":1,"message":{"id":"m","subject":"Order 12:34:56 for ada@x.example",
    "from":["ada@example.com"]},"connection":{"ip":"192.0.2.1","helo":"[192.0.2.1]","mail_from":"bounce-team@example.com",
    "rcpt_to":["ld-k7m3-x9pq-h4tzw@mailassay.test"]},"spf":{"result":"fail","lookups":3,
    "explanation":"192.0.2.1 may not send, ask bounce-team"},"dmarc":{"record":"v=DMARC1; rua=mailto:d@example.com"},
    "authentication_results":"mx;\r\n\tiprev=pass policy.iprev=192.0.2.1;\r\n\tspf=fail smtp.mailfrom=bounce-team@example.com"})")
          .as_object();
  Masking(known.inbox, known.message, {}).mask(report);
  EXPECT_EQ(report,
            json::parse(R"({"schema":1,"message":{"id":"m","subject":"Order 12:34:56 for ***@x.example",
    "from":["***@example.com"]},"connection":{"ip":"192.0.2.x","helo":"[192.0.2.x]","mail_from":"***@example.com",
    "rcpt_to":["***@mailassay.test"]},"spf":{"result":"fail","lookups":3,
    "explanation":"192.0.2.x may not send, ask ***"},"dmarc":{"record":"v=DMARC1; rua=mailto:***@example.com"},
    "authentication_results":"mx;\r\n\tiprev=pass policy.iprev=192.0.2.x;\r\n\tspf=fail smtp.mailfrom=***@example.com"})"));
}

TEST(Masking, WhatMacrosMadeOfTheSenderIsMaskedInSpf) {
  const Known known;
  EXPECT_EQ(
      known.masked(event_of(trace::Phase::spf, "spf.macro",
                            {{"text", "%{l1r-}.lists.%{d2}"},
                             {"expanded", "bounce.lists.example.com"},
                             {"letters", {{"l", "bounce-team"}, {"d", "example.com"}}}})),
      R"({"text":"%{l1r-}.lists.%{d2}","expanded":"***.lists.example.com","letters":{"l":"***","d":"example.com"}})");
  EXPECT_EQ(known.masked(event_of(trace::Phase::spf, "dns.answer",
                                  {{"name", "1.2.0.192.Bounce-Team._spf.example.com"}})),
            R"({"name":"x.***._spf.example.com"})");
  // Elsewhere the same words are just words.
  EXPECT_EQ(known.masked(event_of(trace::Phase::dkim, "dkim.key", {{"note", "bounce-team"}})),
            R"({"note":"bounce-team"})");
}

TEST(Masking, AShortLocalPartDoesNotHideMechanisms) {
  const Known known("a@example.com");
  const auto term = event_of(trace::Phase::spf, "spf.term",
                             {{"term", "a:x.example"}, {"mechanism", "a"}, {"record", "v=spf1 a mx"}});
  EXPECT_EQ(known.masked(term), json::serialize(term.data));
  EXPECT_EQ(known.masked(event_of(trace::Phase::spf, "spf.macro",
                                  {{"text", "%{l}.x.example"}, {"expanded", "a.x.example"}})),
            R"({"text":"%{l}.x.example","expanded":"***.x.example"})");
}

TEST(Masking, OtherRecipientsHaveNoNames) {
  EXPECT_EQ(Known().masked(event_of(trace::Phase::message, "message.parsed",
                                    {{"to", "Ada Lovelace <ada@a.example>, Team: \"Bob B\" <bob@b.example>;"},
                                     {"rfc", "6376 3.6.2.1"}})),
            R"({"to":"***@a.example, ***@b.example","rfc":"6376 3.6.2.1"})");
}

// Secrets that no harmless text holds, in all their forms, anywhere in a story.
struct Secrets {
  std::string local, ip;
};

Secrets arbitrary_secrets() {
  const auto atext = rc::gen::elementOf(std::string("abcxyzQRS0123456789!#$%&'*+-/=?^_`{|}~"));
  Secrets secrets{"q7" + *rc::gen::container<std::string>(6, atext) + "z", {}};
  if (*rc::gen::arbitrary<bool>()) {
    std::array<std::uint8_t, 4> octets{};
    for (auto& octet : octets) octet = *rc::gen::inRange<std::uint8_t>(11, 255);
    secrets.ip = net::IpAddress::v4(octets).to_string();
  } else {
    std::array<std::uint8_t, 16> octets{0x20, 0x01};
    for (std::size_t i = 2; i < 16; ++i) octets[i] = *rc::gen::inRange<std::uint8_t>(1, 255);
    secrets.ip = net::IpAddress::v6(octets).to_string();
  }
  return secrets;
}

std::vector<std::string> forms_of(const std::string& text) {
  const auto ip = *net::IpAddress::parse(text);
  auto forms = spellings(ip);
  forms.push_back(ip.to_string());
  forms.push_back(ip.reverse_name());
  if (ip.is_v4()) forms.push_back("::ffff:" + ip.to_string());
  return forms;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

TEST(Masking, NoKnownSecretIsInWhatIsShown) {
  EXPECT_TRUE(rc::check([] {
    const auto secrets = arbitrary_secrets();
    const Known known(secrets.local + "@example.com", secrets.ip);
    const auto forms = forms_of(secrets.ip);
    const auto glue = [] {
      return *rc::gen::elementOf(
          std::vector<std::string>{" ", "<", "\"", ".", ":", "-", "=", "host", "[", "\t", "한", "1", ","});
    };
    std::string story;
    for (const auto& form : forms) story += glue() + form + glue();
    for (const auto* shape : {"{}@example.com", "{} @ example.com", "<{}@x>", "\"{}\"@x.example",
                              "x={}@b.example", "http://h/?{}%40x.example"}) {
      std::string text = shape;
      story += glue() + text.replace(text.find("{}"), 2, secrets.local) + " ";
    }
    const json::object data{{"any", story},
                            {"list", json::array{story, json::object{{"deep", story}}}},
                            {"expanded", secrets.local + "._spf.example.com"},
                            {"text", "%{l}._spf.%{d}"},
                            {"letters", json::object{{"l", secrets.local}}}};
    store::Event event = event_of(trace::Phase::spf, "spf.macro", data);
    const Masking masking(known.inbox, known.message, {event});
    masking.mask(event);
    json::object report{{"authentication_results", story},
                        {"spf", json::object{{"explanation", story + secrets.local}}}};
    masking.mask(report);
    const auto shown = lower(journal::to_sse(event) + json::serialize(report));
    RC_ASSERT(shown.find(lower(secrets.local)) == std::string::npos);
    for (const auto& form : forms) {
      RC_LOG() << form << "\n" << shown;
      RC_ASSERT(shown.find(lower(form)) == std::string::npos);
    }
  }));
}

}  // namespace
}  // namespace mailassay::http
