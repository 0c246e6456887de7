// Dialogues against the plain session: as written, octet by octet, in one piece, and with the connection lost
// after each event.
#include "smtp/session.h"

#include "dialogue_file.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

std::vector<std::string> dialogue_names() {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(TEST_SOURCE_DIR "/dialogues")) {
    names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class Dialogues : public testing::TestWithParam<std::string> {
 protected:
  DialogueFile file = read_dialogue(TEST_SOURCE_DIR "/dialogues/" + GetParam() + ".txt");
};

void expect_replies(const Event& event, const std::vector<std::string>& replies) {
  ASSERT_EQ(replies.size(), event.replies.size())
      << "after: " << event.octets << "got: " << testing::PrintToString(replies);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    EXPECT_EQ(replies[i].substr(0, event.replies[i].size()), event.replies[i]) << "after: " << event.octets;
  }
}

TEST_P(Dialogues, GoAsWritten) {
  Stage stage(file);
  for (const auto& event : file.events) {
    stage.play(event);
    expect_replies(event, stage.take_replies());
  }
  EXPECT_EQ(stage.step_tree(), file.steps);
  EXPECT_EQ(stage.handler.calls, file.calls);
  if (stage.session.wants() == Session::Wants::close) stage.expect_everything_ended();
}

TEST_P(Dialogues, GoTheSameOctetByOctet) {
  Stage whole(file);
  Stage pieces(file);
  for (const auto& event : file.events) {
    whole.play(event);
    if (event.kind == Event::Kind::octets) {
      pieces.send(event.octets, 1);
    } else {
      pieces.play(event);
    }
  }
  EXPECT_EQ(pieces.take_replies(), whole.take_replies());
  EXPECT_EQ(pieces.step_tree(), whole.step_tree());
  EXPECT_EQ(pieces.handler.mails, whole.handler.mails);
}

TEST_P(Dialogues, GoTheSamePipelined) {
  Stage apart(file);
  Stage together(file);
  std::string pending;
  for (const auto& event : file.events) {
    apart.play(event);
    if (event.kind == Event::Kind::octets) {
      pending += event.octets;
      continue;
    }
    together.send(pending);
    pending.clear();
    together.play(event);
  }
  together.send(pending);
  EXPECT_EQ(together.take_replies(), apart.take_replies());
  EXPECT_EQ(together.handler.calls, apart.handler.calls);
}

TEST_P(Dialogues, EndOnceWhereverTheConnectionIsLost) {
  for (std::size_t lost_after = 0; lost_after < file.events.size(); ++lost_after) {
    SCOPED_TRACE("lost after event " + std::to_string(lost_after));
    Stage stage(file);
    for (std::size_t i = 0; i <= lost_after; ++i) stage.play(file.events[i]);
    stage.session.peer_closed();
    stage.expect_everything_ended();
    const auto calls = stage.handler.calls;
    stage.session.peer_closed();
    stage.session.timed_out();
    stage.session.shutting_down();
    stage.send("NOOP\r\n");
    EXPECT_EQ(stage.handler.calls, calls) << "nothing may follow the end";
  }
}

TEST_P(Dialogues, EndOnceInTheMiddleOfALine) {
  for (std::size_t lost_in = 0; lost_in < file.events.size(); ++lost_in) {
    SCOPED_TRACE("lost in event " + std::to_string(lost_in));
    Stage stage(file);
    for (std::size_t i = 0; i < lost_in; ++i) stage.play(file.events[i]);
    const auto& octets = file.events[lost_in].octets;
    stage.send(std::string_view(octets).substr(0, octets.size() / 2));
    stage.session.timed_out();
    stage.expect_everything_ended();
  }
}

INSTANTIATE_TEST_SUITE_P(Files, Dialogues, testing::ValuesIn(dialogue_names()),
                         [](const auto& info) { return info.param; });

TEST(Session, TellsActivityWhoWasRefusedWithoutLocalParts) {
  DialogueFile file;
  file.client.ip = net::IpAddress::parse("192.0.2.7").value();
  Stage stage(file);
  stage.send("EHLO client.test\r\nMAIL FROM:<a@sender.test>\r\nRCPT TO:<who@elsewhere.test>\r\n");
  const auto snapshot = stage.activity.snapshot();
  ASSERT_EQ(snapshot.refusals.size(), 1U);
  EXPECT_EQ(snapshot.refusals[0].command, "RCPT TO:<\xE2\x80\xA6@elsewhere.test>");
  EXPECT_EQ(snapshot.refusals[0].code, 550);
  EXPECT_EQ(snapshot.refusals[0].peer.to_string(), "192.0.2.7");
  EXPECT_TRUE(snapshot.last_from_outside.has_value());
}

TEST(Session, ForgetsTheContentOfAMailThatIsTooLarge) {
  DialogueFile file;
  file.options.max_mail_octets = 1000;
  Stage stage(file);
  stage.send("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@known.test>\r\nDATA\r\n");
  stage.send(std::string(5000, 'x') + "\r\n.\r\nNOOP\r\n");
  const auto replies = stage.take_replies();
  EXPECT_EQ(replies.at(replies.size() - 2).substr(0, 9), "552 5.3.4");
  EXPECT_EQ(replies.back().substr(0, 3), "250");
  EXPECT_TRUE(stage.handler.mails.empty());
}

TEST(Session, AnswersAnOverlongLineOnceAndGoesOn) {
  Stage stage(DialogueFile{});
  stage.take_replies();
  stage.send("HELO " + std::string(1994, 'x') + "\r\n", 700);  // 2001 octets
  stage.send("HELO " + std::string(1993, 'x') + "\r\n", 700);  // 2000
  const auto replies = stage.take_replies();
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies[0].substr(0, 9), "500 5.5.2");
  EXPECT_EQ(replies[1].substr(0, 3), "250");
}

}  // namespace
}  // namespace mailassay::smtp
