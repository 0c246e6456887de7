#include "evaluation/evaluation_service.h"

#include "dns/cache.h"
#include "dns/lasting.h"
#include "evaluation/evaluate.h"
#include "evaluation/received_elsewhere.h"
#include "message/address.h"

#include <future>
#include <stdexcept>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

namespace mailassay::evaluation {
namespace {

namespace asio = boost::asio;

net::IpAddress parse_ip(const std::string& text) {
  if (const auto ip = net::IpAddress::parse(text)) return *ip;
  throw std::invalid_argument("ip: \"" + text +
                              "\" is no IP address; write one like 192.0.2.1 or 2001:db8::1");
}

void tell_given(const Connection& connection, trace::Scope scope) {
  scope.step("connection.given", {{"ip", connection.ip->to_string()},
                                  {"helo", connection.envelope.helo},
                                  {"mail_from", connection.envelope.mail_from},
                                  {"rcpt_to", connection.envelope.rcpt_to},
                                  {"guessed", connection.guessed},
                                  {"rfc", "7208 2.4"}});
}

// The connection of a mail that SMTP brought, with the parts that the job exchanges.
Connection received_connection(const Job& job, trace::Scope scope) {
  auto connection = *job.connection;
  if (job.ip || job.helo || job.mail_from) connection.source = Source::command;
  if (job.ip) connection.ip = parse_ip(*job.ip);
  if (job.helo) connection.envelope.helo = *job.helo;
  if (job.mail_from) connection.envelope.mail_from = *job.mail_from;
  if (connection.ip) tell_given(connection, scope);
  return connection;
}

Connection connection_of(const Job& job, const message::Message& mail, trace::Scope scope) {
  if (job.connection) return received_connection(job, scope);
  Connection connection;
  if (job.ip) {
    connection.source = Source::command;
    connection.ip = parse_ip(*job.ip);
    if (!job.mail_from) {
      trace::Recorder unheard;
      auto told = connection_from_headers(mail, {&unheard, trace::Phase::connection});
      connection.envelope.mail_from = std::move(told.envelope.mail_from);
      connection.guessed.emplace_back("mail_from");
    }
  } else {
    connection = connection_from_headers(mail, scope);
  }
  if (job.helo) connection.envelope.helo = *job.helo;
  if (job.mail_from) connection.envelope.mail_from = *job.mail_from;
  connection.envelope.rcpt_to = job.rcpt_to;
  const auto given = [&](const std::string& name) {
    return (name == "helo" && job.helo) || (name == "mail_from" && job.mail_from);
  };
  std::erase_if(connection.guessed, given);
  if (job.ip) tell_given(connection, scope);
  return connection;
}

}  // namespace

asio::awaitable<Judged> judge(Job job, dns::Resolver& resolver, const Adviser* adviser) {
  trace::Recorder recorder;
  const trace::Scope scope{&recorder, trace::Phase::connection};
  bool bare_lf = false;
  const auto at = job.at.value_or(std::chrono::system_clock::now());
  MessageFacts facts;
  facts.id = job.message_id;
  const message::Message mail(message::with_crlf(job.mail, &bare_lf));
  facts.bytes = mail.octets().size();
  facts.received_at = at;
  facts.bare_lf = bare_lf;
  auto connection = connection_of(job, mail, scope);
  std::unique_ptr<dns::Resolver> other, cache;
  // Lasting: what SPF asks ahead may still be under way at the end.
  if (job.zone) other = dns::make_lasting(dns::make_zone_resolver(job.zone));
  if (job.overlay) other = dns::make_lasting(dns::make_overlay_resolver(job.overlay, resolver));
  if (other) cache = dns::make_cache(co_await asio::this_coro::executor, *other);
  const Setting setting{cache ? *cache : resolver, job.receiver, at, {}, adviser};
  auto report = co_await evaluate(mail, std::move(facts), std::move(connection), setting, scope);
  co_return Judged{std::move(report), recorder.steps()};
}

asio::awaitable<Judged> judge_fresh(Job job, MakeFreshDns make, const Adviser* adviser) {
  const FreshDns dns = make();
  SideBySide both(dns);
  Judged judged = co_await judge(std::move(job), both, adviser);
  judged.held = co_await still_held(judged.steps, dns);
  co_return judged;
}

EvaluationService::EvaluationService(boost::asio::io_context& context, dns::Resolver& resolver,
                                     const Adviser* adviser)
    : context_(context), resolver_(resolver), adviser_(adviser) {}

std::optional<Judged> EvaluationService::run(Job job, std::chrono::milliseconds deadline) {
  // Shared: the evaluation may outlive a caller that stopped waiting.
  const auto promise = std::make_shared<std::promise<Judged>>();
  const auto cancel = std::make_shared<asio::cancellation_signal>();
  auto future = promise->get_future();
  auto done = [promise, cancel](const std::exception_ptr& failure, Judged judged) {
    if (failure)
      promise->set_exception(failure);
    else
      promise->set_value(std::move(judged));
  };
  const bool fresh = job.fresh && make_fresh_dns_;
  asio::co_spawn(context_,
                 fresh ? judge_fresh(std::move(job), make_fresh_dns_, adviser_)
                       : judge(std::move(job), resolver_, adviser_),
                 asio::bind_cancellation_slot(cancel->slot(), std::move(done)));
  if (future.wait_for(deadline) == std::future_status::ready) return future.get();
  asio::post(context_, [cancel] { cancel->emit(asio::cancellation_type::terminal); });
  return std::nullopt;
}

}  // namespace mailassay::evaluation
