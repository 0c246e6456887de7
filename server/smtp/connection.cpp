#include "smtp/connection.h"

#include "smtp/proxy_protocol.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace mailassay::smtp {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t command_buffer = 16 * 1024;
constexpr std::size_t content_buffer = 64 * 1024;  // a mail's content comes in bulk

Reply broken() {
  return {451, "4.3.0", {"A fault on our side; try again later"}};
}

// The completion token of every operation here: a fault is a value.
auto into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

}  // namespace

net::IpAddress to_ip_address(const asio::ip::address& address) {
  return address.is_v4() ? net::IpAddress::v4(address.to_v4().to_bytes())
                         : net::IpAddress::v6(address.to_v6().to_bytes());
}

Connection::Connection(Socket socket, const Client& client, bool proxied, const Options& options,
                       const TlsContext* tls, HandlerFactory& factory, Activity& activity)
    : socket_(std::move(socket)),
      client_(client),
      proxied_(proxied),
      options_(options),
      tls_context_(tls),
      factory_(factory),
      activity_(activity),
      timer_(socket_.get_executor()) {}

asio::awaitable<void> Connection::run() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  deadline_ = Clock::now() + options_.timeouts.command;
  watch();
  bool welcome = true;
  if (proxied_) welcome = co_await receive_proxy_header();
  if (welcome) {
    try {
      handler_ = factory_.make_handler(socket_.get_executor(), client_.ip);
      session_.emplace(options_, client_, *handler_, activity_);
      session_->connected();
      co_await converse();
    } catch (const std::exception&) {  // a handler's fault: this connection ends, the others live
      if (session_) session_->peer_closed();
    }
  }
  deadline_ = Clock::time_point::max();
  timer_.cancel();
  socket_.close(ignored);
  session_.reset();  // the watch may keep this object a little longer, but nobody the handler
  handler_.reset();
}

void Connection::stop(Clock::time_point deadline) {
  stopping_ = true;
  stop_deadline_ = deadline;
  if (reading_ && !(session_ && session_->in_content())) {
    socket_.cancel();
  } else if (deadline < deadline_ && deadline_ != Clock::time_point::max()) {
    deadline_ = deadline;
    watch();
  }
}

asio::awaitable<void> Connection::converse() {
  for (;;) {
    switch (session_->wants()) {
      case Session::Wants::octets:
        if (begin_ != end_) {
          begin_ += session_->receive({buffer_.get() + begin_, end_ - begin_});
          break;
        }
        co_await flush();
        co_await fill();
        break;
      case Session::Wants::tls:
        co_await flush();
        co_await shake_hands();
        break;
      case Session::Wants::storage:
        co_await store();
        break;
      case Session::Wants::close:
        co_await flush();
        co_await say_farewell();
        co_return;
    }
  }
}

// Reads exactly the header, so that nothing of SMTP or TLS is taken with it.
asio::awaitable<bool> Connection::receive_proxy_header() {
  std::string header;
  expect_within(options_.timeouts.proxy_header);
  for (;;) {
    const auto parsed = parse_proxy_header(header);
    if (const auto* done = std::get_if<ProxyHeader>(&parsed)) {
      if (done->addresses) {
        client_.proxy = client_.ip;
        client_.ip = done->addresses->source;
        client_.port = done->addresses->source_port;
        client_.local_ip = done->addresses->destination;
        client_.local_port = done->addresses->destination_port;
      }
      co_return true;
    }
    const auto* more = std::get_if<ProxyNeedsMore>(&parsed);
    if (more == nullptr) {
      activity_.refused(client_.ip, "", {421, "4.7.0", {std::get<ProxyFault>(parsed).text}});
      co_return false;
    }
    const auto had = header.size();
    header.resize(had + more->octets);
    error_code error;
    // `header` lives in this frame until the read is over; expires with the header's deadline.
    co_await asio::async_read(socket_, asio::buffer(header.data() + had, more->octets), into(error));
    if (error) co_return false;
  }
}

// Waits for octets; what came instead is told to the session.
asio::awaitable<void> Connection::fill() {
  if (session_->wants() != Session::Wants::octets) co_return;
  if (stopping_ && !session_->in_content()) {
    session_->shutting_down();
    co_return;
  }
  grow_buffer(session_->in_content() ? content_buffer : command_buffer);
  expect_within(session_->in_content() ? options_.timeouts.data : options_.timeouts.command);
  error_code error;
  reading_ = true;
  begin_ = 0;
  end_ = co_await read_some(error);
  reading_ = false;
  if (!error) co_return;
  if (stopping_ && error == asio::error::operation_aborted) {
    session_->shutting_down();
  } else if (expired_) {
    session_->timed_out();
  } else {
    peer_gone_ = true;
    session_->peer_closed();
  }
}

asio::awaitable<std::size_t> Connection::read_some(error_code& error) {
  const auto room = asio::buffer(buffer_.get(), capacity_);
  // The buffer is this connection's and untouched until the read is over; expires with the phase's deadline.
  if (tls_) co_return co_await tls_->async_read_some(room, into(error));
  co_return co_await socket_.async_read_some(room, into(error));
}

// Sends all replies so far in one write: pipelined commands are answered together (RFC 2920 section 3.2).
asio::awaitable<void> Connection::flush() {
  auto& output = session_->output();
  if (output.empty() || peer_gone_) co_return;
  const bool last = session_->wants() == Session::Wants::close;
  expect_within(last ? options_.timeouts.farewell : options_.timeouts.write);
  error_code error;
  // The session's output stays as it is until the write is over, since no event reaches the session
  // meanwhile; expires after timeouts.write, or timeouts.farewell.
  if (tls_) {
    co_await asio::async_write(*tls_, asio::buffer(output), into(error));
  } else {
    co_await asio::async_write(socket_, asio::buffer(output), into(error));
  }
  output.clear();
  if (!error) co_return;
  peer_gone_ = true;
  session_->peer_closed();
}

asio::awaitable<void> Connection::shake_hands() {
  if (session_->wants() != Session::Wants::tls) co_return;
  ssl_context_ = tls_context_->current();
  tls_.emplace(socket_, *ssl_context_);
  expect_within(options_.timeouts.handshake);
  error_code error;
  // The stream keeps its own buffers; expires after timeouts.handshake.
  co_await tls_->async_handshake(asio::ssl::stream_base::server, into(error));
  if (error) {
    tls_.reset();
    peer_gone_ = true;  // it would not understand a reply
    session_->tls_failed(expired_ ? "timeout" : error.message());
    co_return;
  }
  SSL* native = tls_->native_handle();
  session_->tls_established({SSL_get_version(native), SSL_get_cipher_name(native)});
}

asio::awaitable<void> Connection::store() {
  auto mail = session_->take_mail();
  Reply reply = broken();
  deadline_ =
      Clock::time_point::max();  // the handler has its own; the peer waits (RFC 5321 section 4.5.3.2.6)
  try {
    // The mail is the handler's from here on; this connection reads nothing until the reply is known.
    reply = co_await handler_->mail_received(std::move(mail.envelope), std::move(mail.octets));
  } catch (const std::exception&) {
    reply = broken();
  }
  session_->mail_answered(std::move(reply));
}

// Closing a socket with unread input resets it, and the last reply may never be seen: so ends in order, but
// not for long.
asio::awaitable<void> Connection::say_farewell() {
  if (peer_gone_) co_return;
  expect_within(options_.timeouts.farewell);
  error_code error;
  // Sends close_notify and waits for the peer's; expires after timeouts.farewell.
  if (tls_) co_await tls_->async_shutdown(into(error));
  socket_.shutdown(Socket::shutdown_send, error);
  if (session_->ended_by_quit() && begin_ == end_ && socket_.available(error) == 0) co_return;
  grow_buffer(command_buffer);
  for (error = {}; !error && !expired_;) {
    // What still comes is dropped, until the peer closes too; expires with the same deadline.
    co_await socket_.async_read_some(asio::buffer(buffer_.get(), capacity_), into(error));
  }
}

void Connection::expect_within(std::chrono::milliseconds patience) {
  expired_ = false;
  deadline_ = Clock::now() + patience;
  // A shutdown shortens every wait but the last words'.
  if (stopping_ && !(session_ && session_->wants() == Session::Wants::close)) {
    deadline_ = std::min(deadline_, stop_deadline_);
  }
  if (deadline_ < timer_.expiry()) watch();
}

// One timer a connection, which looks at the deadline when it fires: moving the deadline costs nothing.
void Connection::watch() {
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error || !self->socket_.is_open()) return;
    if (Clock::now() < self->deadline_) {
      self->watch();
      return;
    }
    self->expired_ = true;
    error_code ignored;
    self->socket_.cancel(ignored);
    self->timer_.expires_at(Clock::time_point::max());  // the next deadline starts a new watch
  });
}

void Connection::grow_buffer(std::size_t octets) {
  if (capacity_ >= octets) return;
  buffer_ = std::make_unique_for_overwrite<char[]>(octets);
  capacity_ = octets;
  begin_ = end_ = 0;
}

}  // namespace mailassay::smtp
