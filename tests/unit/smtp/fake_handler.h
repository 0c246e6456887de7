// A handler that knows @known.test and keeps what it was told.
#pragma once

#include "smtp/handler.h"
#include "trace/step.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace mailassay::smtp {

class FakeHandler : public Handler {
 public:
  trace::Sink& sink() override { return recorder; }
  void mail_started(const message::Envelope& envelope, trace::Scope) override {
    told("mail_started <" + envelope.mail_from + ">");
    if (envelope.mail_from == "fault@sender.test") throw std::runtime_error("fault");
  }
  Reply recipient(const message::Envelope&, std::string_view mailbox) override {
    if (mailbox == "fault@known.test") throw std::runtime_error("fault");
    const bool known = mailbox.ends_with("@known.test") || mailbox == "Postmaster";
    told("recipient <" + std::string(mailbox) + ">");
    if (known) return {250, "2.1.5", {"Recipient OK"}};
    return {550, "5.1.1", {"No such inbox"}};
  }
  // What mail_received() does, without waiting.
  Reply receive(const message::Envelope& envelope, std::string octets) {
    told("mail_received " + std::to_string(octets.size()) + " for " +
         std::to_string(envelope.rcpt_to.size()));
    mails.push_back(std::move(octets));
    if (envelope.rcpt_to.front() == "unlucky@known.test") throw std::runtime_error("fault");
    if (envelope.rcpt_to.front() == "full@known.test") return {452, "4.3.1", {"Disk full"}};
    return {250, "2.0.0", {"Stored"}};
  }
  boost::asio::awaitable<Reply> mail_received(message::Envelope envelope, std::string octets) override {
    co_return receive(envelope, std::move(octets));
  }
  void mail_answered() override { told("mail_answered"); }
  void mail_aborted(std::string_view reason) override { told("mail_aborted " + std::string(reason)); }
  void closed() override { told("closed"); }

  std::size_t count(std::string_view prefix) const {
    return static_cast<std::size_t>(std::count_if(
        calls.begin(), calls.end(), [&](const auto& call) { return call.starts_with(prefix); }));
  }

  trace::Recorder recorder;
  std::vector<std::string> calls;
  std::vector<std::string> mails;

 private:
  void told(std::string call) { calls.push_back(std::move(call)); }
};

}  // namespace mailassay::smtp
