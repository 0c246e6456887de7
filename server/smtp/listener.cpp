#include "smtp/listener.h"

#include "smtp/connection.h"
#include "smtp/connection_limits.h"
#include "smtp/port_holder.h"
#include "smtp/tls_context.h"

#include <algorithm>
#include <list>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailassay::smtp {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr std::size_t reserved_files = 256;  // store, HTTP, DNS, logs
constexpr auto pause_without_files = std::chrono::milliseconds(50);

std::size_t limit_by_files(std::size_t wanted) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return wanted;
  const auto room =
      files.rlim_cur > 2 * reserved_files ? files.rlim_cur - reserved_files : files.rlim_cur / 2;
  return std::min<std::size_t>(wanted, room);
}

std::string to_string(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  const auto shown = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return shown + ":" + std::to_string(endpoint.port());
}

[[noreturn]] void fail_to_listen(const tcp::endpoint& endpoint, const error_code& error) {
  std::string text = "cannot listen on " + to_string(endpoint) + ": ";
  if (error == asio::error::address_in_use) {
    const auto holder = holder_of_port(endpoint.port());
    text += "already in use" + (holder.empty() ? "" : " by " + holder) + "; stop that or choose another port";
  } else if (error == asio::error::access_denied) {
    text += "permission denied; ports below 1024 need root or CAP_NET_BIND_SERVICE";
  } else {
    text += error.message();
  }
  throw std::runtime_error(text);
}

tcp::acceptor open_acceptor(asio::io_context& context, const tcp::endpoint& endpoint, bool shared) {
  tcp::acceptor acceptor(context);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && shared) acceptor.set_option(ReusePort(true), error);
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) fail_to_listen(endpoint, error);
  return acceptor;
}

Client client_of(const tcp::socket& socket, bool implicit_tls, error_code& error) {
  Client client;
  const auto peer = socket.remote_endpoint(error);
  if (error) return client;
  const auto local = socket.local_endpoint(error);
  client.ip = to_ip_address(peer.address());
  client.port = peer.port();
  client.local_ip = to_ip_address(local.address());
  client.local_port = local.port();
  client.implicit_tls = implicit_tls;
  return client;
}

bool is_proxy(const Options& options, const net::IpAddress& peer) {
  return std::any_of(options.proxy_networks.begin(), options.proxy_networks.end(),
                     [&](const Network& n) { return peer.in_network(n.address, n.prefix); });
}

}  // namespace

// What the connections of all contexts share; it lives as long as the last of them.
struct Server::Shared {
  Shared(Options given, Activity& given_activity)
      : options(std::move(given)),
        activity(given_activity),
        limits(std::make_shared<ConnectionLimits>(limit_by_files(options.max_connections),
                                                  options.max_connections_per_ip)) {}

  const TlsContext* tls_context() {
    if (!tls) tls.emplace(options);
    return &*tls;
  }

  const Options options;
  Activity& activity;
  std::optional<TlsContext> tls;
  std::shared_ptr<ConnectionLimits> limits;
};

// One context's listeners and connections, touched on its thread alone.
struct Server::Worker : std::enable_shared_from_this<Worker> {
  Worker(asio::io_context& given_context, HandlerFactory& given_factory, std::shared_ptr<Shared> given_shared)
      : context(given_context), factory(given_factory), shared(std::move(given_shared)) {}

  asio::awaitable<void> accept(std::shared_ptr<tcp::acceptor> acceptor, ListenAddress address);
  void admit(tcp::socket socket, const ListenAddress& address);
  void refuse(tcp::socket socket, const Client& client);
  asio::awaitable<void> serve(std::shared_ptr<Connection> connection, ConnectionLimits::Place place);
  void stop(Connection::Clock::time_point deadline);

  asio::io_context& context;
  HandlerFactory& factory;
  std::shared_ptr<Shared> shared;
  std::vector<std::weak_ptr<tcp::acceptor>> acceptors;
  std::list<Connection*> connections;
  bool stopping = false;
};

asio::awaitable<void> Server::Worker::accept(std::shared_ptr<tcp::acceptor> acceptor, ListenAddress address) {
  const auto self = shared_from_this();
  acceptors.push_back(acceptor);
  asio::steady_timer timer(context);
  while (!stopping) {
    error_code error;
    // Ends when stop() closes the acceptor; no time-out.
    auto socket = co_await acceptor->async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      admit(std::move(socket), address);
    } else if (!stopping) {  // out of files or memory: others are about to close
      timer.expires_after(pause_without_files);
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

void Server::Worker::admit(tcp::socket socket, const ListenAddress& address) {
  error_code error;
  const Client client = client_of(socket, address.implicit_tls, error);
  if (error) return;  // gone already
  const bool proxied = address.proxy_protocol && is_proxy(shared->options, client.ip);
  auto place = shared->limits->take(proxied ? std::nullopt : std::optional(client.ip));
  if (!place) {
    refuse(std::move(socket), client);
    return;
  }
  const auto* tls = shared->tls ? &*shared->tls : nullptr;
  auto connection = std::make_shared<Connection>(std::move(socket), client, proxied, shared->options, tls,
                                                 factory, shared->activity);
  asio::co_spawn(context, serve(std::move(connection), std::move(*place)), asio::detached);
}

// One try without waiting: whoever connects too often gets no more of our time.
void Server::Worker::refuse(tcp::socket socket, const Client& client) {
  const Reply reply{421, "4.7.0", {"Too many connections; try again later"}};
  shared->activity.refused(client.ip, "", reply);
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(reply.to_wire()), ignored);
}

asio::awaitable<void> Server::Worker::serve(std::shared_ptr<Connection> connection,
                                            ConnectionLimits::Place place) {
  const auto self = shared_from_this();
  const auto held = std::move(place);
  const auto entry = connections.insert(connections.end(), connection.get());
  if (stopping) connection->stop(Connection::Clock::now());
  // Owns the connection until its socket is closed; the connection has the time-outs.
  co_await connection->run();
  connections.erase(entry);
}

void Server::Worker::stop(Connection::Clock::time_point deadline) {
  stopping = true;
  for (const auto& weak : acceptors) {
    error_code ignored;
    if (const auto acceptor = weak.lock()) acceptor->close(ignored);
  }
  for (auto* connection : connections) connection->stop(deadline);
}

Server::Server(Options options, std::vector<asio::io_context*> contexts,
               std::vector<HandlerFactory*> factories, Activity& activity)
    : shared_(std::make_shared<Shared>(std::move(options), activity)) {
  if (shared_->options.tls) shared_->tls_context();
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    workers_.push_back(std::make_shared<Worker>(*contexts[i], *factories.at(i), shared_));
  }
}

Server::~Server() = default;

tcp::endpoint Server::listen(const ListenAddress& address) {
  error_code error;
  tcp::endpoint endpoint(asio::ip::make_address(address.address, error), address.port);
  if (error) throw std::runtime_error("cannot listen on \"" + address.address + "\": not an IP address");
  if (address.proxy_protocol && shared_->options.proxy_networks.empty()) {
    throw std::runtime_error("cannot listen on " + to_string(endpoint) +
                             ": proxy_protocol needs proxy_networks, the addresses of the proxies to trust");
  }
  if (address.implicit_tls) shared_->tls_context();
  // With SO_REUSEPORT a second server would bind silently and get half of the mails: try without it first.
  open_acceptor(workers_.front()->context, endpoint, false);
  for (const auto& worker : workers_) {
    auto acceptor = std::make_shared<tcp::acceptor>(open_acceptor(worker->context, endpoint, true));
    endpoint.port(acceptor->local_endpoint().port());
    asio::co_spawn(worker->context, worker->accept(std::move(acceptor), address), asio::detached);
  }
  return endpoint;
}

std::size_t Server::max_connections() const {
  return limit_by_files(shared_->options.max_connections);
}

std::size_t Server::connections() const {
  return shared_->limits->count();
}

void Server::reload_tls() {
  if (shared_->tls) shared_->tls->reload();
}

void Server::stop(std::chrono::milliseconds grace) {
  const auto deadline = Connection::Clock::now() + grace;
  for (const auto& worker : workers_) {
    asio::post(worker->context, [worker, deadline] { worker->stop(deadline); });
  }
}

bool Server::wait_stopped(std::chrono::milliseconds patience) {
  return shared_->limits->wait_until_none(patience);
}

}  // namespace mailassay::smtp
