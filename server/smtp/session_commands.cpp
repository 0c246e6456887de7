// What each command does.
#include "smtp/session.h"

#include <algorithm>
#include <exception>

namespace mailassay::smtp {
namespace {

constexpr std::uint64_t max_reserved = 1024 * 1024;  // what a client's word is worth before it sent anything

Reply bad_sequence(std::string text) {
  return {503, "5.5.1", {std::move(text)}};
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
}

// RFC 6531 section 3.5
Reply needs_smtputf8(std::string_view what) {
  return {
      553, "5.6.7", {"The " + std::string(what) + " is not ASCII; say SMTPUTF8 in MAIL, or send A-labels"}};
}

}  // namespace

Reply Session::run(const Command& command) {
  switch (command.verb) {
    case Verb::helo:
    case Verb::ehlo:
      return hello(command);
    case Verb::rcpt:
      return recipient(command);
    case Verb::data:
      return start_data();
    case Verb::rset:
      abort("rset");
      return {250, "2.0.0", {"Reset"}};
    case Verb::noop:
      return {250, "2.0.0", {"OK"}};
    case Verb::vrfy:  // RFC 5321 section 3.5.3
      return {252, "2.0.0", {"Cannot tell; RCPT will"}};
    case Verb::expn:
      return {502, "5.5.1", {"There are no lists here"}};
    case Verb::help:
      return help();
    case Verb::quit:
      return {221, "2.0.0", {options_.hostname + " closing"}};
    case Verb::auth:
      return authenticate(command);
    case Verb::starttls:
      return start_tls();
    case Verb::mail:
    case Verb::bdat:
      break;  // on_command() has them
  }
  return {500, "5.5.1", {"Unknown command"}};
}

// RFC 5321 section 4.1.4: also resets.
Reply Session::hello(const Command& command) {
  abort("rset");
  helo_ = command.argument;
  if (command.verb == Verb::ehlo) return capabilities();
  return {250, "", {options_.hostname + " greets " + client_.ip.to_string()}};
}

Reply Session::capabilities() const {
  Reply reply{250, "", {options_.hostname + " greets " + client_.ip.to_string()}};
  reply.lines.insert(reply.lines.end(), {"PIPELINING", "SIZE " + std::to_string(options_.max_mail_octets),
                                         "8BITMIME", "SMTPUTF8", "CHUNKING", "ENHANCEDSTATUSCODES"});
  if (tls_offered()) reply.lines.emplace_back("STARTTLS");
  if (auth_offered()) reply.lines.emplace_back("AUTH PLAIN LOGIN");
  reply.lines.emplace_back("HELP");
  return reply;
}

std::optional<Reply> Session::refuse_mail(const Command& command) const {
  if (helo_.empty()) return bad_sequence("Say EHLO or HELO first");
  if (transaction_) return bad_sequence("A mail is under way already; RSET drops it");
  if (command.parameters.size > options_.max_mail_octets) {
    return Reply{552,
                 "5.3.4",
                 {"SIZE=" + std::to_string(*command.parameters.size) + " is too large; at most " +
                  std::to_string(options_.max_mail_octets) + " octets"}};
  }
  if (!command.parameters.smtputf8 && !is_ascii(command.path.mailbox)) return needs_smtputf8("sender");
  return std::nullopt;
}

Reply Session::begin_mail(const Command& command) {
  if (auto refused = refuse_mail(command)) return std::move(*refused);
  message::Envelope envelope{helo_, command.path.mailbox, {}, tls_, command.parameters.smtputf8};
  Content content(options_.max_mail_octets);
  content.reserve(std::min(command.parameters.size.value_or(0), max_reserved));
  transaction_.emplace(Transaction{std::move(envelope), std::move(content)});
  try {
    handler_.mail_started(transaction_->envelope, dialogue_.message_started(transaction_->envelope, command));
  } catch (const std::exception&) {
    abort("refused");
    return {451, "4.3.0", {"A fault on our side; try again later"}};
  }
  return {250, "2.1.0", {"Sender OK"}};
}

Reply Session::recipient(const Command& command) {
  if (!transaction_) return bad_sequence("Say MAIL before RCPT");
  if (transaction_->chunked) return bad_sequence("BDAT has begun; no more recipients");
  auto& envelope = transaction_->envelope;
  if (envelope.rcpt_to.size() >= options_.max_recipients) {
    return {452, "4.5.3", {"At most " + std::to_string(options_.max_recipients) + " recipients a mail"}};
  }
  if (!envelope.smtputf8 && !is_ascii(command.path.mailbox)) return needs_smtputf8("recipient");
  Reply reply = handler_.recipient(envelope, command.path.mailbox);
  if (reply.positive()) envelope.rcpt_to.push_back(command.path.mailbox);
  return reply;
}

Reply Session::start_data() {
  if (!transaction_) return bad_sequence("Say MAIL and RCPT before DATA");
  if (transaction_->chunked) return bad_sequence("BDAT has begun; end it with BDAT octets LAST");
  if (transaction_->envelope.rcpt_to.empty()) return {554, "5.5.1", {"No recipient was accepted"}};
  data_ = DataDecoder();
  state_ = State::data;
  return {354, "", {"Send the mail; a line with a single dot ends it"}};
}

// RFC 3030 section 2: the octets of a refused chunk are read and dropped.
std::optional<Reply> Session::refuse_chunk() const {
  if (!transaction_) return bad_sequence("Say MAIL and RCPT before BDAT");
  if (transaction_->envelope.rcpt_to.empty()) return Reply{554, "5.5.1", {"No recipient was accepted"}};
  return std::nullopt;
}

Reply Session::start_tls() {
  if (tls_) return bad_sequence("TLS is on already");
  if (!options_.tls) return {502, "5.5.1", {"TLS is turned off here"}};
  abort("rset");
  wants_ = Wants::tls;
  return {220, "2.0.0", {"Ready for TLS"}};
}

bool Session::auth_offered() const {
  if (options_.auth == AuthOffer::loopback) return client_.ip.special_purpose() == "loopback";
  return options_.auth == AuthOffer::always;
}

Reply Session::authenticate(const Command& command) {
  if (!auth_offered()) return {502, "5.5.1", {"No login is needed here; send MAIL without AUTH"}};
  if (helo_.empty()) return bad_sequence("Say EHLO first");
  if (authenticated_) return bad_sequence("You are logged in already");
  if (transaction_) return bad_sequence("AUTH is not possible within a mail");
  auth_ = AuthExchange::start(command.mechanism);
  if (!auth_) return {504, "5.5.4", {"Only AUTH PLAIN and AUTH LOGIN are known here"}};
  Reply reply = auth_->begin(command.initial_response);
  if (reply.code == 334) state_ = State::auth;
  authenticated_ = reply.code == 235;
  return reply;
}

Reply Session::help() const {
  return {214,
          "2.0.0",
          {"Mailassay receives test mails and shows how a receiver judges them.",
           "Make an ld-... address on the web page, send a mail to it, and watch.",
           "HELO EHLO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT STARTTLS AUTH"}};
}

}  // namespace mailassay::smtp
