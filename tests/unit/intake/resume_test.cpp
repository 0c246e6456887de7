#include "intake/resume.h"

#include "intake/connection_json.h"
#include "unit/intake/fixture.h"

#include <algorithm>

namespace mailassay::intake {
namespace {

using test::Client;
using Resuming = test::Intake;
using store::MessageState;

// A server that ends while the evaluation of its mail waits for the DNS.
void leave_unjudged(test::Intake& intake, const store::Inbox& inbox) {
  intake.resolver.hangs = true;
  auto client = Client(intake);
  client.send({test::Intake::address(inbox)});
  intake.settle();
  intake.resolver.hangs = false;
}

TEST_F(Resuming, AMailThatWasNotJudgedIsJudgedAgain) {
  const auto inbox = make_inbox();
  leave_unjudged(*this, inbox);
  ASSERT_EQ(only_message(inbox).state, MessageState::judging);
  restart();
  resume(context->get_executor(), reception());
  const auto message = only_message(inbox);
  EXPECT_EQ(message.state, MessageState::judged);
  EXPECT_EQ(message.spf + " " + message.dmarc, "pass pass");
  EXPECT_EQ(message.attempts, 2);
  const auto all = events(inbox);
  const auto restarted = std::ranges::find(all, "evaluation.restarted", &store::Event::kind);
  ASSERT_NE(restarted, all.end());
  EXPECT_EQ(restarted->parent, message.started);
  EXPECT_EQ(restarted->message, message.id);
  EXPECT_EQ(restarted->data.at("attempt").to_number<int>(), 2);
  EXPECT_EQ(all.back().kind, "verdict");
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].number, i + 1);
  for (auto event = restarted + 1; event != all.end(); ++event) EXPECT_NE(event->parent, 0U);
}

TEST_F(Resuming, AfterThreeAttemptsTheVerdictSaysThatThereIsNone) {
  const auto inbox = make_inbox();
  leave_unjudged(*this, inbox);
  store->count_attempt(inbox.id, only_message(inbox).id);
  store->count_attempt(inbox.id, only_message(inbox).id);
  restart();
  resume(context->get_executor(), reception());
  const auto message = only_message(inbox);
  EXPECT_EQ(message.state, MessageState::judged);
  EXPECT_EQ(message.dmarc, "temperror");
  const auto of_inbox = kinds(inbox);
  EXPECT_EQ(of_inbox.back(), "verdict");
  EXPECT_EQ(std::ranges::count(of_inbox, "evaluation.restarted"), 0);
}

TEST_F(Resuming, AMailThatNeverCameWholeIsAborted) {
  const auto inbox = make_inbox();
  auto message = test::message_in(inbox.id, "m");
  const auto story = store->new_story();
  test::append(*store, inbox.id, story, {test::step(1, 0, "message.started", trace::Phase::message)});
  store->add_message(message, story, 1);
  store->flush();
  restart();
  resume(context->get_executor(), reception());
  EXPECT_EQ(only_message(inbox).state, MessageState::aborted);
  const auto last = events(inbox).back();
  EXPECT_EQ(last.kind, "message.aborted");
  EXPECT_EQ(last.parent, 1U);
  EXPECT_EQ(last.data.at("reason").as_string(), "server_restarted");
  EXPECT_TRUE(store->unfinished().empty());
}

TEST(ConnectionJson, ComesBackAsItWas) {
  evaluation::Connection given;
  given.ip = net::IpAddress::parse("2001:db8::1");
  given.peer = net::IpAddress::parse("192.0.2.1");
  given.envelope = {
      "mail.example.com", "a@example.com", {"x@mailassay.test"}, message::Tls{"TLSv1.3", "C"}, true};
  const auto read = read_connection(to_json(given)).value();
  EXPECT_EQ(read.ip, given.ip);
  EXPECT_EQ(read.peer, given.peer);
  EXPECT_EQ(read.envelope.helo, "mail.example.com");
  EXPECT_EQ(read.envelope.mail_from, "a@example.com");
  EXPECT_EQ(read.envelope.rcpt_to, given.envelope.rcpt_to);
  EXPECT_EQ(read.envelope.tls->cipher, "C");
  EXPECT_TRUE(read.envelope.smtputf8);
  EXPECT_EQ(read_connection("{}").has_value(), false);
  EXPECT_EQ(read_connection("no JSON").has_value(), false);
}

}  // namespace
}  // namespace mailassay::intake
