#include "smtp/session.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace mailassay::smtp {
namespace {

constexpr char tls_record_handshake = 0x16;  // RFC 8446 section 5.1
constexpr std::string_view masked = "****";

// A handler that fails must not keep the connection from ending in order.
template <typename Action>
void despite_faults(Action action) {
  try {
    action();
  } catch (const std::exception&) {  // the steps are lost, the rest goes on
  }
}

Reply broken() {
  return {451, "4.3.0", {"A fault on our side; try again later"}};
}

std::string line_fault_text(const Content& content) {
  const std::string octet = content.fault() == LineFault::bare_cr ? "CR" : "LF";
  return "Line " + std::to_string(content.fault_line()) + " has a " + octet +
         " that is not part of CRLF; end every line with CRLF";
}

}  // namespace

Session::Session(const Options& options, const Client& client, Handler& handler, Activity& activity)
    : options_(options), client_(client), handler_(handler), activity_(activity), dialogue_(handler.sink()) {}

// --- events

void Session::connected() {
  activity_.connected(client_.ip);
  dialogue_.opened(client_);
  if (client_.implicit_tls) {
    wants_ = Wants::tls;
  } else {
    greet();
  }
}

std::size_t Session::receive(std::string_view octets) {
  std::size_t taken = 0;
  while (wants_ == Wants::octets && taken < octets.size()) taken += take(octets.substr(taken));
  if (wants_ == Wants::tls) {
    discarded_ = octets.size() - taken;
    taken = octets.size();
  }
  return taken;
}

void Session::tls_established(message::Tls tls) {
  if (wants_ != Wants::tls) return;
  tls_ = std::move(tls);
  dialogue_.tls(*tls_, discarded_);
  wants_ = Wants::octets;
  helo_.clear();  // RFC 3207 section 4.2: what was said before is forgotten
  authenticated_ = false;
  if (client_.implicit_tls) greet();
}

void Session::tls_failed(std::string_view cause) {
  if (wants_ == Wants::close) return;
  dialogue_.tls_failed(cause);
  finish("tls_failed");
}

Session::Mail Session::take_mail() {
  return {std::move(transaction_->envelope), transaction_->content.take()};
}

void Session::mail_answered(Reply reply) {
  if (wants_ != Wants::storage) return;
  wants_ = Wants::octets;
  if (!reply.positive()) {
    abort("refused");
    answer(reply);
    return;
  }
  activity_.mail_received();
  ++mails_;
  transaction_.reset();
  dialogue_.message_ended();
  answer(reply);
  handler_.mail_answered();
}

void Session::timed_out() {
  leave("4.4.2", "Nothing came for too long; closing", "timeout");
}

void Session::peer_closed() {
  finish("connection_lost");
}

void Session::shutting_down() {
  leave("4.3.2", "This server is shutting down; try again soon", "shutdown");
}

// --- input

std::size_t Session::take(std::string_view octets) {
  switch (state_) {
    case State::data: {
      const auto taken = data_.decode(octets, transaction_->content);
      if (data_.done()) on_data_end();
      return taken;
    }
    case State::chunk: {
      const auto taken = chunk_.decode(octets, transaction_->content);
      if (chunk_.done()) on_chunk_end();
      return taken;
    }
    case State::refused_chunk: {
      const auto taken = chunk_.skip(octets);
      if (chunk_.done()) on_chunk_end();
      return taken;
    }
    case State::command:
    case State::auth:
      return take_line(octets);
  }
  return octets.size();
}

// A line ends at LF; a missing CR is forgiven in commands, where nothing can be smuggled by it.
std::size_t Session::take_line(std::string_view octets) {
  if (!std::exchange(first_octet_seen_, true) && octets.front() == tls_record_handshake) {
    dialogue_.command("(TLS ClientHello)");
    answer(
        {554, "5.5.1", {"This port starts in plain text: use STARTTLS here, or the port for TLS at once"}});
    finish("tls_on_plain_port");
    return octets.size();
  }
  const auto line_feed = octets.find('\n');
  const bool complete = line_feed != std::string_view::npos;
  const auto taken = complete ? line_feed + 1 : octets.size();
  const auto limit = state_ == State::auth ? options_.max_auth_octets : options_.max_line_octets;
  if (line_.size() + taken > limit) overlong_ = true;
  if (!complete || overlong_ || !line_.empty()) {
    line_.append(octets.substr(0, std::min(taken, limit - std::min(limit, line_.size()))));
  }
  if (!complete) return taken;
  if (overlong_) {
    on_overlong_line();
  } else {
    auto line = line_.empty() ? octets.substr(0, taken) : std::string_view(line_);
    line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
    on_line(line);
  }
  line_.clear();
  return taken;
}

void Session::on_overlong_line() {
  constexpr std::size_t shown = 60;
  overlong_ = false;
  const bool secret = state_ == State::auth;
  state_ = State::command;
  last_line_.clear();
  dialogue_.command(secret ? std::string(masked) : without_secrets(line_.substr(0, shown)) + "...");
  answer({500, "5.5.2", {"Line too long; at most " + std::to_string(options_.max_line_octets) + " octets"}});
}

void Session::on_line(std::string_view line) {
  try {
    if (state_ == State::auth) {
      on_auth_line(line);
    } else {
      on_command(line);
    }
  } catch (const std::exception&) {
    answer(broken());
  }
}

void Session::on_auth_line(std::string_view line) {
  dialogue_.command(line == "*" ? line : masked);
  const Reply reply = auth_->respond(line);
  if (reply.code != 334) state_ = State::command;
  if (reply.code == 235) authenticated_ = true;
  answer(reply);
}

void Session::on_command(std::string_view line) {
  last_line_ = line;
  if (looks_like_http(line)) {
    dialogue_.command(line);
    answer({502, "5.5.1", {"This is SMTP, not HTTP"}});
    finish("http");
    return;
  }
  const auto parsed = parse_command(line);
  const auto* command = std::get_if<Command>(&parsed);
  if (command == nullptr) {
    dialogue_.command(without_secrets(line));
    answer(std::get<Reply>(parsed));
    if (line.size() >= 4 && equals_without_case(line.substr(0, 4), "BDAT")) {
      finish("chunk_size_unknown");  // where the next command begins cannot be known
    }
  } else if (command->verb == Verb::mail) {
    const Reply reply =
        begin_mail(*command);  // before the step of the command, which stands below the message
    dialogue_.command(line);
    answer(reply);
  } else if (command->verb == Verb::bdat) {
    dialogue_.command(line);
    start_chunk(*command);
  } else {
    dialogue_.command(without_secrets(line));
    answer(run(*command));
    if (command->verb == Verb::quit) {
      ended_by_quit_ = true;
      finish("quit");
    }
  }
}

// --- a mail's content

void Session::on_data_end() {
  state_ = State::command;
  dialogue_.message_data(transaction_->content, "DATA");
  if (const auto refused = refuse_content()) {
    answer(*refused);
  } else {
    store();
  }
}

void Session::start_chunk(const Command& command) {
  last_chunk_ = command.last_chunk;
  chunk_.start(command.chunk_octets);
  state_ = refuse_chunk() ? State::refused_chunk : State::chunk;
  if (state_ == State::chunk) transaction_->chunked = true;
  if (chunk_.done()) on_chunk_end();
}

void Session::on_chunk_end() {
  if (std::exchange(state_, State::command) == State::refused_chunk) {
    answer(*refuse_chunk());
    return;
  }
  auto& content = transaction_->content;
  if (last_chunk_) {
    chunk_.finish(content);
    dialogue_.message_data(content, "BDAT");
  }
  if (const auto refused = refuse_content()) {
    answer(*refused);
  } else if (last_chunk_) {
    store();
  } else {
    answer({250, "2.0.0", {std::to_string(content.size()) + " octets so far"}});
  }
}

std::optional<Reply> Session::refuse_content() {
  const auto& content = transaction_->content;
  std::optional<Reply> reply;
  if (content.fault() != LineFault::none) {
    reply = Reply{554, "5.6.0", {line_fault_text(content)}};
    abort("bad_line_ends");
  } else if (content.too_large()) {
    reply = Reply{552,
                  "5.3.4",
                  {std::to_string(content.size()) + " octets are too many; at most " +
                   std::to_string(options_.max_mail_octets)}};
    abort("too_large");
  }
  return reply;
}

void Session::store() {
  dialogue_.message_received(transaction_->content, transaction_->envelope);
  wants_ = Wants::storage;
}

// --- output and ends

void Session::greet() {
  const Reply greeting{220, "", {options_.hostname + " ESMTP Mailassay"}};
  dialogue_.greeting(greeting);
  greeting.append_to(output_);
}

void Session::answer(const Reply& reply) {
  dialogue_.reply(reply);
  reply.append_to(output_);
  tell_abort();
  if (reply.positive()) return;
  activity_.refused(client_.ip, last_line_, reply);
  if (reply.code >= 500 && ++errors_ >= options_.max_errors) {
    leave("4.7.0", "Too many errors; closing", "too_many_errors");
  }
}

// Told after the reply, so that it is the transaction's last step.
void Session::abort(std::string_view reason) {
  if (transaction_ && abort_reason_.empty()) abort_reason_ = reason;
}

void Session::tell_abort() {
  if (abort_reason_.empty()) return;
  const auto reason = std::exchange(abort_reason_, {});
  const Transaction ended = std::move(*transaction_);
  transaction_.reset();
  dialogue_.message_aborted(reason, ended.content);
  handler_.mail_aborted(reason);
}

void Session::leave(std::string status, std::string text, std::string_view reason) {
  if (wants_ == Wants::close) return;
  const Reply reply{421, std::move(status), {std::move(text)}};
  dialogue_.farewell(reply);
  reply.append_to(output_);
  finish(reason);
}

void Session::finish(std::string_view reason) {
  if (wants_ == Wants::close) return;
  wants_ = Wants::close;
  abort(reason);
  despite_faults([&] { tell_abort(); });
  despite_faults([&] { dialogue_.closed(reason, mails_); });
  despite_faults([&] { handler_.closed(); });
}

}  // namespace mailassay::smtp
