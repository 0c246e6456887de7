#include "intake/handler.h"

#include "unit/intake/fixture.h"

#include <algorithm>

namespace mailassay::intake {
namespace {

using test::Client;
using Handling = test::Intake;
using store::MessageState;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const store::Event& event_of(const std::vector<store::Event>& events, const std::string& kind) {
  const auto found = std::ranges::find(events, kind, &store::Event::kind);
  if (found == events.end()) throw std::runtime_error("no event " + kind);
  return *found;
}

std::string report_value(const store::Message& message, const char* pointer) {
  return boost::json::serialize(boost::json::parse(message.report).at_pointer(pointer));
}

TEST_F(Handling, AMailIsKeptAnsweredAndJudged) {
  const auto inbox = make_inbox();
  Client client(*this);
  const auto reply = client.send({address(inbox)});
  const auto message = only_message(inbox);
  EXPECT_EQ(reply, "250 2.6.0 Accepted for judgement, id " + message.id + "\r\n");
  EXPECT_EQ(message.state, MessageState::judged);
  EXPECT_EQ(store->mail(message.id), Client::kMail);
  EXPECT_EQ(message.bytes, Client::kMail.size());
  EXPECT_EQ(message.from, "alice@example.com");
  EXPECT_EQ(message.subject, "Hello");
  EXPECT_EQ(message.spf + " " + message.dkim + " " + message.dmarc, "pass none pass");
  EXPECT_EQ(message.attempts, 1);
  EXPECT_EQ(report_value(message, "/connection/rcpt_to"), "[\"" + address(inbox) + "\"]");
  EXPECT_EQ(running.count(), 0U);
}

TEST_F(Handling, TheJournalTellsTheDialogueAndEndsWithTheVerdict) {
  const auto inbox = make_inbox();
  Client client(*this);
  client.send({address(inbox)});
  const auto all = events(inbox);
  const auto message = only_message(inbox);
  EXPECT_EQ(all.front().kind, "connection.opened");
  EXPECT_EQ(all.front().message, "");
  EXPECT_EQ(all.back().kind, "verdict");
  const auto& started = event_of(all, "message.started");
  EXPECT_EQ(started.number, message.started);
  EXPECT_EQ(started.parent, all.front().number);
  std::vector<std::string> lines;
  for (const auto& event : all) {
    EXPECT_LT(event.parent, event.number);
    if (event.kind != "smtp.command") continue;
    lines.emplace_back(event.data.at("line").as_string());
    EXPECT_EQ(event.message, lines.back().starts_with("EHLO") ? "" : message.id);
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"EHLO mail.example.com", "MAIL FROM:<bounce@example.com>",
                                             "RCPT TO:<" + address(inbox) + ">", "DATA"}));
  EXPECT_EQ(std::ranges::count(all, trace::Phase::verdict, &store::Event::phase), 1);
  client.say("QUIT");
  EXPECT_EQ(kinds(inbox).back(), "connection.closed") << "of the connection, not of the message";
}

TEST_F(Handling, AnAddressComparesWithoutCaseDotOrTag) {
  const auto inbox = make_inbox();
  Client client(*this);
  client.say("MAIL FROM:<>");
  EXPECT_EQ(client.say("RCPT TO:<" + inbox.local_part + "+news@MAILASSAY.Test.>").substr(0, 9), "250 2.1.5");
  EXPECT_EQ(client.say("RCPT TO:<\"" + inbox.local_part + "\"@mailassay.test>").substr(0, 9), "250 2.1.5");
  client.say("DATA");
  client.say(Client::kMail + ".");
  EXPECT_EQ(report_value(only_message(inbox), "/connection/rcpt_to"),
            boost::json::serialize(boost::json::array{inbox.local_part + "+news@MAILASSAY.Test.",
                                                      "\"" + inbox.local_part + "\"@mailassay.test"}));
}

TEST_F(Handling, OthersAreRefusedWithASentenceThatHelps) {
  Client client(*this);
  client.say("MAIL FROM:<>");
  EXPECT_EQ(client.say("RCPT TO:<ld-unknown@mailassay.test>"),
            "550 5.1.1 No such inbox: it expired or never was; open the web page to get a new address\r\n");
  EXPECT_EQ(client.say("RCPT TO:<someone@example.org>"),
            "550 5.7.1 This server receives for mailassay.test only; it relays nothing\r\n");
}

TEST_F(Handling, AFullInboxSaysSo) {
  limits.mails_per_inbox = 1;
  const auto inbox = make_inbox();
  Client client(*this);
  client.send({address(inbox)});
  client.say("MAIL FROM:<>");
  EXPECT_EQ(client.say("RCPT TO:<" + address(inbox) + ">"),
            "552 5.2.2 This inbox holds 1 mails; open the web page to get a new address\r\n");
}

TEST_F(Handling, ThePostmasterIsAcceptedAndNothingIsKept) {
  const auto inbox = make_inbox();
  Client client(*this);
  client.say("MAIL FROM:<a@example.com>");
  EXPECT_EQ(client.say("RCPT TO:<Postmaster>").substr(0, 3), "250");
  client.say("DATA");
  EXPECT_EQ(client.say(Client::kMail + "."), "250 2.6.0 Accepted for the postmaster\r\n");
  EXPECT_TRUE(events(inbox).empty());
  EXPECT_TRUE(store->unfinished().empty());
}

TEST_F(Handling, TwoInboxesOfOneMailSeeNothingOfEachOther) {
  const auto a = make_inbox();
  const auto b = make_inbox();
  Client client(*this);
  client.send({address(a), "ld-stranger@mailassay.test", address(b)});
  EXPECT_FALSE(contains(everything(a), b.local_part));
  EXPECT_FALSE(contains(everything(b), a.local_part));
  EXPECT_FALSE(contains(everything(a) + everything(b), "ld-stranger"));
  EXPECT_EQ(only_message(a).id, only_message(b).id);
  for (const auto& inbox : {a, b}) {
    EXPECT_TRUE(contains(everything(inbox), "RCPT TO:<" + address(inbox)));
    EXPECT_EQ(only_message(inbox).dmarc, "pass");
    EXPECT_EQ(kinds(inbox).back(), "verdict");
  }
  const auto of_a = kinds(a);
  const auto of_b = kinds(b);
  EXPECT_EQ(std::ranges::count(of_a, "spf.record"), std::ranges::count(of_b, "spf.record"))
      << "the second gets what was judged before it joined";
}

TEST_F(Handling, TheMailsOfOneConnectionSeeNothingOfEachOther) {
  const auto a = make_inbox();
  const auto b = make_inbox();
  Client client(*this);
  client.send({address(a)}, "From: alice@example.com\r\nSubject: first-secret\r\n\r\n1\r\n");
  client.send({address(b)}, "From: alice@example.com\r\nSubject: second-secret\r\n\r\n2\r\n");
  client.send({address(a)});
  EXPECT_FALSE(contains(everything(a), b.local_part));
  EXPECT_FALSE(contains(everything(a), "second-secret"));
  EXPECT_FALSE(contains(everything(b), a.local_part));
  EXPECT_FALSE(contains(everything(b), "first-secret"));
  const auto of_a = kinds(a);
  EXPECT_EQ(std::ranges::count(of_a, "connection.opened"), 1);
  EXPECT_EQ(std::ranges::count(of_a, "message.started"), 2);
  EXPECT_EQ(std::ranges::count(of_a, "verdict"), 2);
}

TEST_F(Handling, EachAssumedAddressIsJudgedForItself) {
  const auto plain = make_inbox();
  const auto assumed = make_inbox("198.51.100.9");
  Client client(*this);
  client.send({address(plain), address(assumed)});
  EXPECT_EQ(only_message(plain).spf, "pass");
  EXPECT_EQ(only_message(assumed).spf, "fail");
  EXPECT_FALSE(contains(everything(plain), "198.51.100.9"));
  const auto all = events(assumed);
  EXPECT_EQ(boost::json::serialize(event_of(all, "connection.assumed_ip").data),
            R"({"ip":"198.51.100.9","peer":"192.0.2.1"})");
  EXPECT_EQ(report_value(only_message(assumed), "/connection/ip"), "\"198.51.100.9\"");
  EXPECT_EQ(std::ranges::count(all, "verdict", &store::Event::kind), 1);
}

TEST_F(Handling, SpfIsJudgedWhileTheBodyIsArriving) {
  const auto inbox = make_inbox();
  Client client(*this);
  client.say("MAIL FROM:<bounce@example.com>");
  client.say("RCPT TO:<" + address(inbox) + ">");
  EXPECT_EQ(only_message(inbox).state, MessageState::receiving);
  EXPECT_TRUE(contains(everything(inbox), "spf.record {"));
}

TEST_F(Handling, AResetOrALostConnectionAbortsTheMessage) {
  for (const bool lost : {false, true}) {
    const auto inbox = make_inbox();
    Client client(*this);
    client.say("MAIL FROM:<bounce@example.com>");
    client.say("RCPT TO:<" + address(inbox) + ">");
    lost ? client.hang_up() : void(client.say("RSET"));
    const auto message = only_message(inbox);
    EXPECT_EQ(message.state, MessageState::aborted);
    store::Event last;
    for (const auto& event : events(inbox))
      if (event.message == message.id) last = event;
    EXPECT_EQ(last.kind, "message.aborted");
    EXPECT_EQ(last.data.at("reason").as_string(), lost ? "connection_lost" : "rset");
  }
}

TEST_F(Handling, AContentThatIsRefusedAbortsTheMessage) {
  const auto inbox = make_inbox();
  Client client(*this);
  EXPECT_EQ(client.send({address(inbox)}, "From: a@example.com\n\r\n").substr(0, 9), "554 5.6.0");
  EXPECT_EQ(only_message(inbox).state, MessageState::aborted);
  EXPECT_EQ(store->mail(only_message(inbox).id), std::nullopt);
}

TEST_F(Handling, AnEvaluationThatThrowsEndsWithAVerdict) {
  const auto inbox = make_inbox();
  resolver.throws = true;
  Client client(*this);
  EXPECT_EQ(client.send({address(inbox)}).substr(0, 3), "250");
  const auto message = only_message(inbox);
  EXPECT_EQ(message.state, MessageState::judged);
  EXPECT_EQ(message.dmarc, "temperror");
  EXPECT_EQ(report_value(message, "/dmarc/cause"), "\"evaluation_failed\"");
  EXPECT_EQ(kinds(inbox).back(), "verdict");
  EXPECT_EQ(events(inbox).back().data.at("cause").as_string(), "evaluation_failed");
}

TEST_F(Handling, AnEvaluationThatHangsEndsAtItsDeadline) {
  limits.evaluation_time = std::chrono::milliseconds(1);
  const auto inbox = make_inbox();
  resolver.hangs = true;
  Client client(*this);
  client.send({address(inbox)});
  context->restart();
  while (running.count() > 0) context->run_one();
  EXPECT_EQ(report_value(only_message(inbox), "/dmarc/cause"), "\"deadline\"");
  const auto all = kinds(inbox);
  EXPECT_EQ(all.back(), "verdict");
  EXPECT_TRUE(running.wait_for_none(std::chrono::milliseconds(0)));
}

TEST_F(Handling, AMailJudgedAfterItsConnectionWentIsJudged) {
  const auto inbox = make_inbox();
  {
    Client client(*this);
    client.send({address(inbox)});
    client.hang_up();
  }
  EXPECT_EQ(only_message(inbox).state, MessageState::judged);
}

TEST_F(Handling, AnInboxDeletedMeanwhileHurtsNobody) {
  const auto a = make_inbox();
  const auto b = make_inbox();
  Client client(*this);
  client.say("MAIL FROM:<bounce@example.com>");
  client.say("RCPT TO:<" + address(a) + ">");
  client.say("RCPT TO:<" + address(b) + ">");
  inboxes->remove(a.token);
  client.say("DATA");
  EXPECT_EQ(client.say(Client::kMail + ".").substr(0, 3), "250");
  EXPECT_EQ(only_message(b).dmarc, "pass");
  EXPECT_TRUE(store->messages(a.id).empty());
}

}  // namespace
}  // namespace mailassay::intake
