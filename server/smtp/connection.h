// Drives a session over a socket: reads, writes, TLS, time-outs. The one file with sockets and TLS streams.
#pragma once

#include "smtp/activity.h"
#include "smtp/handler.h"
#include "smtp/options.h"
#include "smtp/session.h"
#include "smtp/tls_context.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

namespace mailassay::smtp {

net::IpAddress to_ip_address(const boost::asio::ip::address& address);

// One thread (the socket's context). Its owner keeps it until run() is over.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Clock = std::chrono::steady_clock;

  // `client`: the socket's addresses. With `proxied`, a PROXY header comes first and replaces them. tls may
  // be null if options.tls is false and the listener has no implicit TLS.
  Connection(Socket socket, const Client& client, bool proxied, const Options& options, const TlsContext* tls,
             HandlerFactory& factory, Activity& activity);

  // From the greeting to the closed socket; never throws for what the peer or a handler does.
  boost::asio::awaitable<void> run();
  // Says 421 at once between mails; lets a mail that is arriving come to its end until the deadline.
  void stop(Clock::time_point deadline);

 private:
  boost::asio::awaitable<bool> receive_proxy_header();
  boost::asio::awaitable<void> converse();
  boost::asio::awaitable<void> fill();
  boost::asio::awaitable<std::size_t> read_some(boost::system::error_code& error);
  boost::asio::awaitable<void> flush();
  boost::asio::awaitable<void> shake_hands();
  boost::asio::awaitable<void> store();
  boost::asio::awaitable<void> say_farewell();

  void expect_within(std::chrono::milliseconds patience);
  void watch();
  void grow_buffer(std::size_t octets);

  Socket socket_;
  Client client_;
  const bool proxied_;
  const Options& options_;
  const TlsContext* tls_context_;
  HandlerFactory& factory_;
  Activity& activity_;
  std::unique_ptr<Handler> handler_;
  std::optional<Session> session_;

  std::shared_ptr<boost::asio::ssl::context> ssl_context_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0, begin_ = 0, end_ = 0;  // [begin_, end_) has not been received yet

  boost::asio::steady_timer timer_;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point stop_deadline_ = Clock::time_point::max();
  bool expired_ = false;  // the watch cancelled what was under way
  bool stopping_ = false;
  bool reading_ = false;
  bool peer_gone_ = false;
};

}  // namespace mailassay::smtp
