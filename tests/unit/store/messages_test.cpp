#include "unit/store/temporary_store.h"

#include <gtest/gtest.h>

namespace mailassay::store {
namespace {

using test::add_inbox;
using test::append;
using test::keep_mail;
using test::message_in;
using test::step;
using namespace std::string_literals;

struct Messages : testing::Test {
  test::TemporaryFolder folder;
  std::unique_ptr<Store> store = open_sqlite_store(folder.path());

  void reopen() {
    store.reset();
    store = open_sqlite_store(folder.path());
  }
};

TEST_F(Messages, InboxesComeBackAsTheyWereGiven) {
  auto given = test::inbox_named("a");
  given.assume_ip = "192.0.2.7";
  store->add_inbox(given, {});
  add_inbox(*store, "b");
  reopen();
  const auto inboxes = store->inboxes();
  ASSERT_EQ(inboxes.size(), 2U);
  EXPECT_EQ(inboxes[0].local_part, "ld-a");
  EXPECT_EQ(inboxes[0].token, "token-a");
  EXPECT_EQ(inboxes[0].created_at, given.created_at);
  EXPECT_EQ(inboxes[0].expires_at, given.expires_at);
  EXPECT_EQ(inboxes[0].assume_ip, "192.0.2.7");
  EXPECT_EQ(inboxes[1].assume_ip, std::nullopt);
}

TEST_F(Messages, AnInboxThatCannotBeKeptHasNoId) {
  EXPECT_NE(add_inbox(*store, "a"), 0);
  EXPECT_EQ(add_inbox(*store, "a"), 0) << "the address is taken";
  EXPECT_NE(add_inbox(*store, "b"), 0) << "the fault of one write is not another's";
}

TEST_F(Messages, ARenewalMovesTheEnd) {
  const auto inbox = add_inbox(*store, "a");
  store->renew_inbox(inbox, test::at_seconds(9000));
  store->flush();
  EXPECT_EQ(store->inboxes().front().expires_at, test::at_seconds(9000));
}

TEST_F(Messages, LiveFromReceivingToJudged) {
  const auto inbox = add_inbox(*store, "a");
  const auto story = store->new_story();
  append(*store, inbox, story, {step(1, 0)}, "");
  store->together([&] {
    store->append(inbox, story, "m1", {step(2, 1, "message.started")}, {});
    store->add_message(message_in(inbox, "m1"), story, 2);
  });
  store->flush();
  auto message = store->message(inbox, "m1").value();
  EXPECT_EQ(message.state, MessageState::receiving);
  EXPECT_EQ(message.started, 2U);
  EXPECT_EQ(message.connection, R"({"ip":"192.0.2.1"})");

  message.bytes = 5;
  message.attempts = 1;
  ASSERT_TRUE(keep_mail(*store, "m1", "a\0b\r\n"s, {message}));
  EXPECT_EQ(store->message(inbox, "m1")->state, MessageState::judging);
  EXPECT_EQ(store->mail("m1"), "a\0b\r\n"s);
  EXPECT_EQ(store->message(inbox, "m1")->started, 2U);

  message.from = "a@example.com";
  message.subject = "Hello";
  message.spf = "pass";
  message.dkim = "fail";
  message.dmarc = "none";
  message.report = R"({"schema":1})";
  store->set_judged(message);
  reopen();
  message = store->message(inbox, "m1").value();
  EXPECT_EQ(message.state, MessageState::judged);
  EXPECT_EQ(message.from, "a@example.com");
  EXPECT_EQ(message.subject, "Hello");
  EXPECT_EQ(message.spf + message.dkim + message.dmarc, "passfailnone");
  EXPECT_EQ(message.report, R"({"schema":1})");
  EXPECT_EQ(message.bytes, 5U);
  EXPECT_EQ(message.attempts, 1);
  EXPECT_EQ(message.received_at, test::at_seconds(1500));
}

TEST_F(Messages, UnfinishedAreReceivingAndJudging) {
  const auto inbox = add_inbox(*store, "a");
  for (const auto* id : {"receiving", "judging", "judged", "aborted"})
    store->add_message(message_in(inbox, id));
  keep_mail(*store, "judging", "x", {message_in(inbox, "judging")});
  keep_mail(*store, "judged", "x", {message_in(inbox, "judged")});
  store->set_judged(message_in(inbox, "judged"));
  store->set_aborted(inbox, "aborted");
  store->count_attempt(inbox, "judging");
  store->flush();
  const auto unfinished = store->unfinished();
  ASSERT_EQ(unfinished.size(), 2U);
  EXPECT_EQ(unfinished[0].id, "receiving");
  EXPECT_EQ(unfinished[1].id, "judging");
  EXPECT_EQ(unfinished[1].attempts, 1);
  const auto all = store->messages(inbox);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].id, "receiving") << "oldest first";
  EXPECT_EQ(to_string(all[3].state), "aborted");
}

TEST_F(Messages, WhatIsJudgedIsNotAbortedLater) {
  const auto inbox = add_inbox(*store, "a");
  keep_mail(*store, "m", "x", {message_in(inbox, "m")});
  store->set_judged(message_in(inbox, "m"));
  store->set_aborted(inbox, "m");
  store->flush();
  EXPECT_EQ(store->message(inbox, "m")->state, MessageState::judged);
}

TEST_F(Messages, TheMailOfTwoInboxesGoesWithTheLast) {
  const auto a = add_inbox(*store, "a");
  const auto b = add_inbox(*store, "b");
  append(*store, a, store->new_story(), {step(1, 0)}, "m");
  append(*store, b, store->new_story(), {step(1, 0)}, "m");
  keep_mail(*store, "m", "shared", {message_in(a, "m"), message_in(b, "m")});
  keep_mail(*store, "only-a", "x", {message_in(a, "only-a")});
  store->remove_inbox(a, {});
  store->flush();
  EXPECT_EQ(store->mail("m"), "shared");
  EXPECT_EQ(store->mail("only-a"), std::nullopt);
  EXPECT_TRUE(store->messages(a).empty());
  EXPECT_TRUE(store->events(a, 0, 10).empty());
  EXPECT_EQ(store->events(b, 0, 10).size(), 1U);
  store->remove_inbox(b, {});
  store->flush();
  EXPECT_EQ(store->mail("m"), std::nullopt);
  EXPECT_TRUE(store->inboxes().empty());
}

TEST_F(Messages, AMailForAnInboxThatWentMeanwhileIsNotKept) {
  const auto inbox = add_inbox(*store, "a");
  store->remove_inbox(inbox, {});
  EXPECT_TRUE(keep_mail(*store, "m", "x", {message_in(inbox, "m")}));
  EXPECT_EQ(store->mail("m"), std::nullopt);
  EXPECT_TRUE(store->unfinished().empty());
}

TEST_F(Messages, AMailOfTheLargestSizeIsKept) {
  const auto inbox = add_inbox(*store, "a");
  const std::string octets(32U << 20, 'x');
  ASSERT_TRUE(keep_mail(*store, "m", octets, {message_in(inbox, "m")}));
  EXPECT_EQ(store->mail("m"), octets);
}

TEST_F(Messages, TogetherIsAllOrNothing) {
  const auto inbox = add_inbox(*store, "a");
  std::promise<JournalNumber> first;
  store->together([&] {
    store->append(inbox, store->new_story(), "m", {step(1, 0)},
                  [&](JournalNumber number) { first.set_value(number); });
    store->add_inbox(test::inbox_named("a"), {});  // fails: the address is taken
  });
  EXPECT_EQ(first.get_future().get(), 0U);
  EXPECT_EQ(store->last_number(inbox), 0U);
  EXPECT_EQ(append(*store, inbox, store->new_story(), {step(1, 0)}), 1U) << "its numbers were taken back";
}

}  // namespace
}  // namespace mailassay::store
