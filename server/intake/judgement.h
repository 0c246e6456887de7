// One evaluation of one mail for the inboxes that judge it alike (one assume_ip, or none). It starts at RCPT,
// waits for the mail, and ends with a verdict whatever happens.
#pragma once

#include "evaluation/evaluate.h"
#include "intake/reception.h"
#include "intake/signal.h"
#include "intake/transcript.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailassay::intake {

// Lives as long as its coroutine, past the connection if need be. One thread.
class Judgement final : public trace::Sink, public std::enable_shared_from_this<Judgement> {
 public:
  struct Place {
    MailNumber mail = 0;
    GroupNumber group = 0;
    trace::Number started = 0;  // the mail's message.started
  };

  Judgement(boost::asio::any_io_executor executor, const Reception& reception,
            std::shared_ptr<Transcript> transcript, Place place, evaluation::Connection connection);

  // iprev and SPF begin; told first: that another address than the client's is judged, if so.
  void start();
  const evaluation::Connection& connection() const { return connection_; }

  // The mail is on disk as these messages (each with its own recipients in `connection`, see
  // connection_json.h).
  void mail_arrived(std::shared_ptr<const message::Message> mail, std::vector<store::Message> messages);
  // There will be no mail; nothing more is told.
  void abort();
  // Ends at once with a verdict that says why there is none.
  void fail(std::string cause);
  // Until the verdict is told.
  boost::asio::awaitable<void> ended() { return ended_.wait(); }

  // --- trace::Sink: its steps, to the inboxes of its group; the verdict is held until its report is there.
  trace::Number emit(trace::Number parent, trace::Phase phase, trace::Name kind, trace::Facts data) override;

 private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> ask_ahead();
  boost::asio::awaitable<void> judge();
  void conclude(evaluation::Report report);
  evaluation::Report unfinished_report() const;
  evaluation::Setting setting() const;
  trace::Scope scope() { return {this, trace::Phase::message, place_.started}; }

  boost::asio::any_io_executor executor_;
  const Reception reception_;
  std::shared_ptr<Transcript> transcript_;
  Place place_;
  evaluation::Connection connection_;
  Signal arrived_;
  Signal ended_;
  boost::asio::steady_timer deadline_;
  trace::TimePoint at_;
  evaluation::EnvelopeOutcome envelope_;
  std::shared_ptr<const message::Message> mail_;
  std::vector<store::Message> messages_;
  std::optional<Running::Token> token_;
  std::optional<trace::Step> verdict_;
};

}  // namespace mailassay::intake
