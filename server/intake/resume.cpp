#include "intake/resume.h"

#include "intake/connection_json.h"
#include "intake/judgement.h"

#include <deque>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <spdlog/spdlog.h>

namespace mailassay::intake {
namespace {

namespace asio = boost::asio;

constexpr int kAtOnce = 8;  // so that a thousand mails do not meet the DNS in one moment

void abort_message(const asio::any_io_executor& executor, const Reception& reception,
                   const store::Message& message) {
  auto transcript = std::make_shared<Transcript>(executor, reception.store);
  const auto mail = transcript->resume_mail(message);
  transcript->emit_for({.mail = mail}, 1, trace::Phase::message, "message.aborted",
                       {{"reason", "server_restarted"}, {"bytes", 0}});
  transcript->aborted(mail);
}

// The evaluation of a message that has one more attempt; ended already if it has none.
std::shared_ptr<Judgement> judge_again(const asio::any_io_executor& executor, const Reception& reception,
                                       const store::Message& message) {
  auto transcript = std::make_shared<Transcript>(executor, reception.store);
  const auto mail = transcript->resume_mail(message);
  const auto octets = reception.store.mail(message.id);
  const auto connection = read_connection(message.connection);
  auto judgement = std::make_shared<Judgement>(executor, reception, transcript, Judgement::Place{mail, 1, 1},
                                               connection.value_or(evaluation::Connection{}));
  const bool may_try = octets && connection && message.attempts < reception.limits.attempts;
  if (may_try) {
    reception.store.together([&] {
      transcript->emit_for({.mail = mail}, 1, trace::Phase::message, "evaluation.restarted",
                           {{"attempt", message.attempts + 1}, {"of", reception.limits.attempts}});
      transcript->flush();
      reception.store.count_attempt(message.inbox, message.id);
    });
    judgement->start();
  }
  judgement->mail_arrived(std::make_shared<const message::Message>(octets.value_or("")), {message});
  if (!may_try) judgement->fail("evaluation_failed");
  return judgement;
}

using Queue = std::shared_ptr<std::deque<store::Message>>;

asio::awaitable<void> work(asio::any_io_executor executor, Reception reception, Queue queue) {
  while (!queue->empty()) {
    const auto message = std::move(queue->front());
    queue->pop_front();
    const auto judgement = judge_again(executor, reception, message);
    co_await judgement->ended();
  }
}

}  // namespace

void resume(asio::any_io_executor executor, const Reception& reception) {
  const auto queue = std::make_shared<std::deque<store::Message>>();
  for (auto& message : reception.store.unfinished()) {
    if (message.state == store::MessageState::receiving)
      abort_message(executor, reception, message);
    else
      queue->push_back(std::move(message));
  }
  if (!queue->empty()) spdlog::info("judging {} mails that the last run left", queue->size());
  for (int i = 0; i < kAtOnce; ++i)
    asio::co_spawn(executor, work(executor, reception, queue), asio::detached);
}

}  // namespace mailassay::intake
