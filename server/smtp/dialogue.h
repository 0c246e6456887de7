// Tells a connection's steps: connection.opened → message.started → the commands of that transaction, each
// with its reply below it.
#pragma once

#include "message/envelope.h"
#include "smtp/client.h"
#include "smtp/command.h"
#include "smtp/data_decoder.h"
#include "smtp/reply.h"
#include "trace/step.h"

#include <string_view>

namespace mailassay::smtp {

class Dialogue {
 public:
  explicit Dialogue(trace::Sink& sink);

  void opened(const Client& client);
  void greeting(const Reply& reply);
  // The line as it may be shown; later replies stand below it.
  void command(std::string_view line);
  void reply(const Reply& reply);
  void farewell(const Reply& reply);  // 421 that answers no command
  void tls(const message::Tls& tls, std::size_t discarded);
  void tls_failed(std::string_view cause);
  void closed(std::string_view reason, std::size_t mails);

  // From here on commands stand below the message, until it was received or aborted.
  trace::Scope message_started(const message::Envelope& envelope, const Command& mail);
  void message_data(const Content& content, std::string_view via);
  void message_received(const Content& content, const message::Envelope& envelope);
  void message_ended();  // stored; message_received came before
  void message_aborted(std::string_view reason, const Content& content);

 private:
  trace::Scope connection_;
  trace::Scope place_;    // of commands: the message, else the connection
  trace::Scope command_;  // the last command
};

}  // namespace mailassay::smtp
