#include "smtp/dialogue.h"

namespace mailassay::smtp {
namespace {

std::string_view to_string(LineFault fault) {
  return fault == LineFault::bare_cr ? "bare_cr" : fault == LineFault::bare_lf ? "bare_lf" : "none";
}

trace::Facts facts_of(const Reply& reply) {
  return {{"code", reply.code}, {"status", reply.status}, {"lines", reply.lines}};
}

template <typename T>
trace::Value or_null(const std::optional<T>& value) {
  return value ? trace::Value(*value) : trace::Value();
}

}  // namespace

Dialogue::Dialogue(trace::Sink& sink)
    : connection_{&sink, trace::Phase::connection}, place_(connection_), command_(connection_) {}

void Dialogue::opened(const Client& client) {
  trace::Facts facts{{"ip", client.ip.to_string()},
                     {"port", client.port},
                     {"local_ip", client.local_ip.to_string()},
                     {"local_port", client.local_port},
                     {"implicit_tls", client.implicit_tls}};
  if (client.proxy) facts.push_back({"proxy", client.proxy->to_string()});
  if (const auto word = client.ip.special_purpose(); !word.empty())
    facts.push_back({"special_purpose", word});
  connection_ = connection_.step("connection.opened", std::move(facts));
  place_ = command_ = connection_;
}

void Dialogue::greeting(const Reply& reply) {
  connection_.in(trace::Phase::smtp).step("smtp.greeting", facts_of(reply));
}

void Dialogue::command(std::string_view line) {
  command_ = place_.in(trace::Phase::smtp).step("smtp.command", {{"line", line}});
}

void Dialogue::reply(const Reply& reply) {
  command_.in(trace::Phase::smtp).step("smtp.reply", facts_of(reply));
}

void Dialogue::farewell(const Reply& reply) {
  command_ = connection_;
  this->reply(reply);
}

void Dialogue::tls(const message::Tls& tls, std::size_t discarded) {
  connection_.in(trace::Phase::smtp)
      .step(
          "smtp.tls",
          {{"version", tls.version}, {"cipher", tls.cipher}, {"discarded", discarded}, {"rfc", "3207 4.2"}});
}

void Dialogue::tls_failed(std::string_view cause) {
  connection_.in(trace::Phase::smtp).step("smtp.tls_failed", {{"error", cause}});
}

void Dialogue::closed(std::string_view reason, std::size_t mails) {
  connection_.step("connection.closed", {{"reason", reason}, {"mails", mails}});
}

trace::Scope Dialogue::message_started(const message::Envelope& envelope, const Command& mail) {
  trace::Facts facts{{"mail_from", envelope.mail_from},
                     {"helo", envelope.helo},
                     {"size", or_null(mail.parameters.size)},
                     {"body", mail.parameters.body},
                     {"smtputf8", envelope.smtputf8}};
  if (!mail.path.source_route.empty()) facts.push_back({"source_route", mail.path.source_route});
  if (!mail.path.bracketed) facts.push_back({"brackets_missing", true});
  place_ = connection_.in(trace::Phase::message).step("message.started", std::move(facts));
  return place_;
}

void Dialogue::message_data(const Content& content, std::string_view via) {
  trace::Facts facts{{"bytes", content.size()}, {"lines", content.lines()}, {"via", via}};
  if (content.fault() != LineFault::none) {
    facts.push_back({"line_fault", to_string(content.fault())});
    facts.push_back({"fault_line", content.fault_line()});
  }
  place_.step("message.data", std::move(facts));
}

void Dialogue::message_received(const Content& content, const message::Envelope& envelope) {
  place_.step("message.received",
              {{"bytes", content.size()}, {"recipients", envelope.rcpt_to.size()}, {"rfc", "5321 4.1.1.4"}});
}

void Dialogue::message_ended() {
  place_ = connection_;
}

void Dialogue::message_aborted(std::string_view reason, const Content& content) {
  place_.step("message.aborted", {{"reason", reason}, {"bytes", content.size()}});
  place_ = connection_;
}

}  // namespace mailassay::smtp
