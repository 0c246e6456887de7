#include "intake/judgement.h"

#include "evaluation/verdict.h"
#include "intake/connection_json.h"
#include "trace/json.h"

#include <algorithm>
#include <exception>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <spdlog/spdlog.h>

namespace mailassay::intake {
namespace {

namespace asio = boost::asio;
using evaluation::Result;

constexpr auto kFailed = "evaluation_failed";
constexpr auto kDeadline = "deadline";

// The best result word of the signatures, as people read it: one that passes is enough.
std::string best_dkim(const evaluation::Report& report) {
  constexpr Result order[] = {Result::pass,      Result::policy, Result::temperror,
                              Result::permerror, Result::fail,   Result::neutral};
  if (report.dkim)
    for (const auto result : order)
      if (std::ranges::any_of(*report.dkim, [&](const auto& outcome) { return outcome.result == result; }))
        return std::string(to_string(result));
  return "none";
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
  return trace::valid_utf8(all);
}

}  // namespace

Judgement::Judgement(asio::any_io_executor executor, const Reception& reception,
                     std::shared_ptr<Transcript> transcript, Place place, evaluation::Connection connection)
    : executor_(executor),
      reception_(reception),
      transcript_(std::move(transcript)),
      place_(place),
      connection_(std::move(connection)),
      arrived_(executor),
      ended_(executor),
      deadline_(executor),
      at_(std::chrono::system_clock::now()) {}

void Judgement::start() {
  if (connection_.peer)
    scope()
        .in(trace::Phase::connection)
        .step("connection.assumed_ip",
              {{"ip", connection_.ip->to_string()}, {"peer", connection_.peer->to_string()}});
  // The coroutine's share keeps this alive past the connection.
  asio::co_spawn(
      executor_, [self = shared_from_this()] { return self->run(); }, asio::detached);
}

trace::Number Judgement::emit(trace::Number parent, trace::Phase phase, trace::Name kind, trace::Facts data) {
  if (ended_.happened()) return transcript_->make_step(parent, phase, kind, {}).number;
  if (phase == trace::Phase::verdict) {
    verdict_ = transcript_->make_step(parent, phase, kind, std::move(data));
    return verdict_->number;
  }
  const Audience audience{.mail = place_.mail, .group = place_.group};
  return transcript_->emit_for(audience, parent, phase, kind, std::move(data));
}

evaluation::Setting Judgement::setting() const {
  return {reception_.resolver, reception_.receiver, at_, reception_.limits.evaluation, reception_.adviser};
}

void Judgement::mail_arrived(std::shared_ptr<const message::Message> mail,
                             std::vector<store::Message> messages) {
  mail_ = std::move(mail);
  messages_ = std::move(messages);
  token_.emplace(reception_.running);
  asio::co_spawn(
      executor_, [self = shared_from_this()] { return self->ask_ahead(); }, asio::detached);
  arrived_.set();
  // An evaluation that hangs is left alone (it may wait for the DNS): its steps are told no more.
  deadline_.expires_after(reception_.limits.evaluation_time);
  deadline_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (!cancelled) self->fail(kDeadline);
  });
}

void Judgement::abort() {
  ended_.set();
  arrived_.set();
}

asio::awaitable<void> Judgement::run() {
  const auto self = shared_from_this();  // this frame may be all that keeps it
  std::string failure;
  try {
    co_await judge();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  if (failure.empty()) co_return;
  spdlog::error("an evaluation failed: {}", failure);
  co_await arrived_.wait();  // the verdict goes with the mail
  fail(kFailed);
}

// Beside the envelope's judgement, which may still be under way.
asio::awaitable<void> Judgement::ask_ahead() {
  if (!ended_.happened()) evaluation::prefetch_message(*mail_, connection_, setting());
  co_return;
}

asio::awaitable<void> Judgement::judge() {
  auto envelope = co_await evaluation::judge_envelope(connection_, setting(), scope());
  envelope_ = std::move(envelope);
  co_await arrived_.wait();
  if (ended_.happened()) co_return;
  at_ = messages_.front().received_at;
  evaluation::MessageFacts facts;
  facts.id = messages_.front().id;
  facts.bytes = mail_->octets().size();
  facts.received_at = at_;
  auto report = co_await evaluation::judge_message(*mail_, facts, connection_, envelope_, setting(), scope());
  conclude(std::move(report));
}

evaluation::Report Judgement::unfinished_report() const {
  evaluation::Report report;
  report.message.id = messages_.front().id;
  report.message.bytes = mail_ ? mail_->octets().size() : messages_.front().bytes;
  report.message.received_at = messages_.front().received_at;
  report.connection = connection_;
  report.iprev = envelope_.iprev;
  report.spf = envelope_.spf;
  report.spf_helo = envelope_.spf_helo;
  return report;
}

void Judgement::fail(std::string cause) {
  if (ended_.happened()) return;
  auto report = unfinished_report();
  report.dkim.emplace();
  report.arc.emplace();
  report.dmarc.emplace();
  for (auto* outcome : {&report.dmarc->rfc9989, &report.dmarc->rfc7489}) {
    outcome->result = Result::temperror;
    outcome->disposition = "none";
    outcome->cause = cause;
  }
  verdict_.reset();
  evaluation::tell_verdict(report, scope());
  conclude(std::move(report));
}

void Judgement::conclude(evaluation::Report report) {
  if (ended_.happened()) return;
  for (auto& message : messages_) {
    // The report of an inbox names its own recipients alone.
    if (const auto own = read_connection(message.connection))
      report.connection.envelope.rcpt_to = own->envelope.rcpt_to;
    message.from = joined(report.message.from);
    message.subject = trace::valid_utf8(report.message.subject);
    message.spf = to_string(report.spf ? report.spf->result : Result::none);
    message.dkim = best_dkim(report);
    message.dmarc = to_string(report.dmarc ? report.dmarc->rfc9989.result : Result::none);
    message.report = boost::json::serialize(evaluation::to_json(report));
    transcript_->judged(place_.mail, *verdict_, std::move(message));
  }
  token_.reset();
  deadline_.cancel();
  ended_.set();
}

}  // namespace mailassay::intake
