#include "journal/message_events.h"

#include "unit/store/temporary_store.h"

#include <gtest/gtest.h>

namespace mailassay::journal {
namespace {

using store::JournalNumber;
using test::step;
using trace::Phase;

struct MessageEvents : testing::Test {
  test::TemporaryFolder folder;
  std::unique_ptr<store::Store> store = store::open_sqlite_store(folder.path());
  store::InboxId inbox = test::add_inbox(*store, "a");
  store::StoryId story = store->new_story();

  JournalNumber tell(const std::string& message, std::vector<trace::Step> steps) {
    return test::append(*store, inbox, story, std::move(steps), message);
  }
  std::vector<JournalNumber> numbers_of(const std::string& id, JournalNumber started) {
    auto message = test::message_in(inbox, id);
    message.started = started;
    std::vector<JournalNumber> numbers;
    for (const auto& event : message_events(*store, message)) numbers.push_back(event.number);
    return numbers;
  }
};

TEST_F(MessageEvents, AreItsOwnAndThoseOfItsConnection) {
  tell("", {step(1, 0)});              // another connection, before
  tell("", {step(2, 0), step(3, 2)});  // the connection and its EHLO
  tell("n", {step(4, 2)});             // another mail in it
  tell("", {step(5, 4)});              // and a reply that belongs to that mail
  const auto started = tell("m", {step(6, 2), step(7, 6)});
  tell("", {step(8, 7)});  // a reply below the mail's own step
  tell("n", {step(9, 4, "verdict", Phase::verdict)});
  tell("m", {step(10, 6, "verdict", Phase::verdict)});
  tell("", {step(11, 2)});  // QUIT
  EXPECT_EQ(numbers_of("m", started), (std::vector<JournalNumber>{2, 3, 6, 7, 8, 10}));
}

TEST_F(MessageEvents, AreFoundBehindManyOfOthers) {
  tell("", {step(1, 0)});
  for (int i = 0; i < 600; ++i) tell("n", {step(static_cast<trace::Number>(10 + i), 1)});
  const auto started = tell("m", {step(2, 1)});
  tell("m", {step(3, 2, "verdict", Phase::verdict)});
  EXPECT_EQ(numbers_of("m", started), (std::vector<JournalNumber>{1, started, started + 1}));
}

TEST_F(MessageEvents, AreThoseThereAreBeforeAVerdict) {
  const auto started = tell("m", {step(1, 0), step(2, 1)});
  EXPECT_EQ(numbers_of("m", started), (std::vector<JournalNumber>{started, started + 1}));
  EXPECT_TRUE(numbers_of("unheard", 0).empty());
}

}  // namespace
}  // namespace mailassay::journal
