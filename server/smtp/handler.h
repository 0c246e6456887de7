// What SMTP asks of the rest: may this recipient receive, and keep this mail. One handler a connection,
// called on that connection's thread alone.
#pragma once

#include "message/envelope.h"
#include "net/ip_address.h"
#include "smtp/reply.h"
#include "trace/step.h"

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace mailassay::smtp {

class Handler {
 public:
  virtual ~Handler() = default;

  // Where the dialogue is told: "connection.opened", "smtp.command", "smtp.reply", "smtp.tls", …
  virtual trace::Sink& sink() = 0;

  // MAIL was accepted; `step` is its place in the tree ("message.started", which the session emitted).
  virtual void mail_started(const message::Envelope& envelope, trace::Scope step) = 0;
  // RCPT with good syntax: 250, or 550 with a sentence that helps. In memory; must not block. A positive
  // reply may start SPF. `mailbox` is the forward-path as sent ("Postmaster" without a domain is possible).
  virtual Reply recipient(const message::Envelope& envelope, std::string_view mailbox) = 0;
  // The whole mail has come. The reply is given only when the mail is on disk (250), or cannot be kept (4yz,
  // 5yz).
  virtual boost::asio::awaitable<Reply> mail_received(message::Envelope envelope, std::string octets) = 0;
  // The reply to a stored mail has been told: no more steps of that transaction will come.
  virtual void mail_answered() {}
  // The transaction ended without a mail (once a mail_started), all its steps told, "message.aborted" last:
  // "rset", "quit", "connection_lost", "timeout", "refused", "too_large", "bad_line_ends", "too_many_errors",
  // "tls_failed", "http", "tls_on_plain_port", "chunk_size_unknown", "shutdown".
  virtual void mail_aborted(std::string_view reason) = 0;
  // No more steps will come from this connection.
  virtual void closed() = 0;
};

// Makes a connection's handler. `executor` is the connection's.
class HandlerFactory {
 public:
  virtual ~HandlerFactory() = default;
  virtual std::unique_ptr<Handler> make_handler(boost::asio::any_io_executor executor,
                                                net::IpAddress peer) = 0;
};

}  // namespace mailassay::smtp
