// Chasquid's scripted dialogues. The texts of replies are that server's, so codes are compared; where its
// policy is another one, `differences` says so.
#include "data.h"
#include "smtp/session.h"

#include <charconv>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

class OneInbox final : public Handler {
 public:
  trace::Sink& sink() override { return recorder_; }
  void mail_started(const message::Envelope&, trace::Scope) override {}
  Reply recipient(const message::Envelope&, std::string_view mailbox) override {
    if (mailbox == "user@testserver") return {250, "2.1.5", {"Recipient OK"}};
    return {550, "5.1.1", {"No such inbox"}};
  }
  boost::asio::awaitable<Reply> mail_received(message::Envelope, std::string) override {
    co_return Reply{250, "2.0.0", {"Stored"}};
  }
  void mail_aborted(std::string_view) override {}
  void closed() override {}

 private:
  trace::Recorder recorder_;
};

// The nth expectation (from 1) of a dialogue, and this server's code for it.
using Differences = std::map<std::pair<std::string, int>, int>;

const Differences differences = {
    // RFC 4954 section 4 names 504 for a mechanism that is not known.
    {{"auth_multi_dialog", 3}, 504},
    // Any name and password are right, so the wrong ones log in, and what follows comes too late.
    {{"auth_multi_dialog", 9}, 235},
    {{"auth_multi_dialog", 10}, 503},
    {{"auth_multi_dialog", 11}, 500},
    // AUTH needs no TLS on loopback: frameworks insist on logging in.
    {{"auth_not_tls", 3}, 334},
    // 20 errors a session, not 3.
    {{"auth_too_many_failures", 5}, 501},
    // Malformed mails are what this server judges.
    {{"bad_data", 10}, 250},
    // 554 5.6.0 for bare CR or LF; 521 would say that this host takes no mail at all (RFC 7504).
    {{"bad_data_dot", 6}, 554},
    {{"bad_data_dot_2", 6}, 554},
    {{"bad_data_dot_on_message_too_big", 6}, 554},
    // The command is known, its syntax is wrong: 501 (RFC 5321 section 4.2.4).
    {{"bad_mail_from", 3}, 501},
    {{"bad_mail_from", 4}, 501},
    {{"bad_rcpt_to", 4}, 501},
    {{"bad_rcpt_to", 5}, 501},
    // Any MAIL FROM is judged, however malformed; the second MAIL is then a nested one.
    {{"bad_mail_from", 7}, 250},
    {{"bad_mail_from", 8}, 503},
    {{"bad_mail_from", 11}, 250},
    // Whether a recipient exists is the inboxes' word (550); RFC 6531 section 3.5 has 553 for the rest.
    {{"bad_rcpt_to", 9}, 550},
    {{"bad_rcpt_to", 10}, 550},
    {{"bad_rcpt_to", 14}, 553},
    {{"bad_rcpt_to", 15}, 550},
    // Command lines may have 2,000 octets.
    {{"line_too_long", 2}, 250},
};

// 'text' with \r and \n, (…), * number, +: what the dialogues write for octets.
class Octets {
 public:
  explicit Octets(std::string_view text) : text_(text) {}
  std::string sum() {
    std::string result = product();
    while (take('+')) result += product();
    return result;
  }

 private:
  std::string product() {
    const std::string factor = take('(') ? inside() : quoted();
    if (!take('*')) return factor;
    skip_space();
    int times = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), times);
    if (error != std::errc()) throw std::runtime_error("a number is missing");
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    std::string result;
    for (int i = 0; i < times; ++i) result += factor;
    return result;
  }
  std::string inside() {
    std::string result = sum();
    if (!take(')')) throw std::runtime_error("a parenthesis is not closed");
    return result;
  }
  std::string quoted() {
    if (!take('\'')) throw std::runtime_error("a quote is missing");
    std::string result;
    for (; !text_.starts_with('\''); text_.remove_prefix(1)) {
      if (text_.front() == '\\') {
        text_.remove_prefix(1);
        result += text_.front() == 'r' ? '\r' : '\n';
      } else {
        result += text_.front();
      }
    }
    text_.remove_prefix(1);
    return result;
  }
  void skip_space() {
    while (text_.starts_with(' ')) text_.remove_prefix(1);
  }
  bool take(char c) {
    skip_space();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view text_;
};

class Player {
 public:
  explicit Player(std::string name) : name_(std::move(name)) {
    options_.hostname = "testserver";
    options_.max_mail_octets = 1024 * 1024;
    client_.ip = *net::IpAddress::parse("127.0.0.1");
  }

  void play(std::string_view line) {
    if (!line.starts_with("c ")) return;
    line.remove_prefix(2);
    const auto argument = line.size() > 3 ? line.substr(3) : std::string_view();
    if (line.starts_with("tcp_connect")) {
      connect(false);
    } else if (line.starts_with("tls_connect")) {
      connect(true);
    } else if (line.starts_with("->")) {
      send(std::string(argument) + "\r\n");
    } else if (line.starts_with("~>")) {
      send(Octets(argument).sum());
    } else if (line.starts_with("<")) {
      expect(line.substr(line.find(' ') + 1));
    }
  }
  int expectations() const { return expectations_; }

 private:
  void connect(bool tls) {
    pending_.clear();
    handler_ = std::make_unique<OneInbox>();
    client_.implicit_tls = tls;
    session_.emplace(options_, client_, *handler_, activity_);
    session_->connected();
    if (tls) session_->tls_established({"TLSv1.3", "TLS_AES_256_GCM_SHA384"});
  }
  void send(std::string_view octets) {
    while (!octets.empty() && session_->wants() == Session::Wants::octets) {
      octets.remove_prefix(session_->receive(octets));
      if (session_->wants() == Session::Wants::storage) {
        session_->take_mail();
        session_->mail_answered({250, "2.0.0", {"Stored"}});
      }
    }
  }
  void expect(std::string_view text) {
    const std::string reply = next_reply();
    const auto difference = differences.find({name_, ++expectations_});
    const auto code =
        difference != differences.end() ? std::to_string(difference->second) : std::string(text.substr(0, 3));
    EXPECT_EQ(reply.substr(0, 3), code)
        << name_ << ", expectation " << expectations_ << ": " << text << "\ngot: " << reply;
  }
  // Its last line.
  std::string next_reply() {
    pending_ += session_->output();
    session_->output().clear();
    for (auto end = pending_.find("\r\n"); end != std::string::npos; end = pending_.find("\r\n")) {
      const auto line = pending_.substr(0, end);
      pending_.erase(0, end + 2);
      if (line.size() > 3 && line[3] == ' ') return line;
    }
    return "none";
  }

  const std::string name_;
  Options options_;
  Client client_;
  Activity activity_;
  std::unique_ptr<OneInbox> handler_;
  std::optional<Session> session_;
  std::string pending_;
  int expectations_ = 0;
};

TEST(SmtpDialogs, Chasquid) {
  const auto folder = test::conformance_folder("smtp-dialogs");
  MAILASSAY_NEED_FOLDER(folder);
  int dialogues = 0;
  int expectations = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".cmy") continue;
    Player player(file.path().stem().string());
    std::ifstream lines(file.path());
    for (std::string line; std::getline(lines, line);) player.play(line);
    ++dialogues;
    expectations += player.expectations();
  }
  EXPECT_EQ(dialogues, 17);
  EXPECT_EQ(expectations, 114);
}

}  // namespace
}  // namespace mailassay::smtp
