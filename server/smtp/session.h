// One SMTP connection as a state machine without sockets: events go in, and what it wants next comes out.
// Whoever drives it (connection.cpp, a test, a fuzzer) reads, writes, starts TLS and stores the mail.
#pragma once

#include "message/envelope.h"
#include "smtp/activity.h"
#include "smtp/auth.h"
#include "smtp/client.h"
#include "smtp/command.h"
#include "smtp/data_decoder.h"
#include "smtp/dialogue.h"
#include "smtp/handler.h"
#include "smtp/options.h"
#include "smtp/reply.h"

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::smtp {

class Session {
 public:
  // What must happen next, after the output has been sent.
  enum class Wants {
    octets,   // receive() more
    tls,      // a handshake, then tls_established() or tls_failed()
    storage,  // Handler::mail_received(take_mail()), then mail_answered()
    close     // nothing more
  };
  struct Mail {
    message::Envelope envelope;
    std::string octets;
  };

  // All three outlive the session.
  Session(const Options& options, const Client& client, Handler& handler, Activity& activity);

  // --- events; after Wants::close each of them does nothing
  void connected();
  // Takes octets as long as it wants them; returns how many. Behind an accepted STARTTLS it takes and drops
  // all: what a stranger pipelined in plain text must not be read as if it came through TLS (RFC 3207
  // section 4.2).
  std::size_t receive(std::string_view octets);
  void tls_established(message::Tls tls);
  void tls_failed(std::string_view cause);
  Mail take_mail();
  void mail_answered(Reply reply);
  void timed_out();
  void peer_closed();
  void shutting_down();

  Wants wants() const { return wants_; }
  // Replies that wait to be sent; the driver clears what it has sent.
  std::string& output() { return output_; }
  // True while a mail's content is arriving: another time-out holds, and a shutdown lets it finish.
  bool in_content() const { return state_ == State::data || state_ == State::chunk; }

  bool ended_by_quit() const { return ended_by_quit_; }

 private:
  enum class State { command, auth, data, chunk, refused_chunk };
  struct Transaction {
    message::Envelope envelope;
    Content content;
    bool chunked = false;  // a BDAT was accepted
  };

  std::size_t take(std::string_view octets);
  std::size_t take_line(std::string_view octets);
  void on_line(std::string_view line);
  void on_overlong_line();
  void on_auth_line(std::string_view line);
  void on_command(std::string_view line);
  void on_data_end();
  void on_chunk_end();

  // session_commands.cpp: what each command does, and its reply
  Reply run(const Command& command);
  Reply hello(const Command& command);
  Reply capabilities() const;
  Reply begin_mail(const Command& command);
  std::optional<Reply> refuse_mail(const Command& command) const;
  Reply recipient(const Command& command);
  Reply start_data();
  std::optional<Reply> refuse_chunk() const;
  Reply start_tls();
  Reply authenticate(const Command& command);
  Reply help() const;
  bool auth_offered() const;
  bool tls_offered() const { return options_.tls && !tls_; }

  void start_chunk(const Command& command);
  // Ends the transaction if its content may not be kept.
  std::optional<Reply> refuse_content();
  void store();
  void abort(std::string_view reason);  // a literal; the transaction ends with the next reply
  void tell_abort();
  void answer(const Reply& reply);
  void greet();
  // Says 421 (RFC 5321 section 3.8) and ends.
  void leave(std::string status, std::string text, std::string_view reason);
  void finish(std::string_view reason);

  const Options& options_;
  const Client& client_;
  Handler& handler_;
  Activity& activity_;
  Dialogue dialogue_;

  Wants wants_ = Wants::octets;
  State state_ = State::command;
  std::string output_;
  std::string line_;  // the start of a command line whose end has not come
  bool overlong_ = false;
  bool first_octet_seen_ = false;
  bool ended_by_quit_ = false;
  std::string last_line_;  // for Activity
  std::size_t discarded_ = 0;
  int errors_ = 0;
  std::size_t mails_ = 0;

  std::string helo_;
  std::optional<message::Tls> tls_;
  bool authenticated_ = false;
  std::optional<AuthExchange> auth_;
  std::optional<Transaction> transaction_;
  std::string_view abort_reason_;
  DataDecoder data_;
  ChunkDecoder chunk_;
  bool last_chunk_ = false;
};

}  // namespace mailassay::smtp
