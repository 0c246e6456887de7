#include "dns/cares_channel.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;

// An exchange under way. Its coroutine waits on the timer, which never expires but is cancelled; c-ares
// holds a share of it, so that either may go first.
struct Exchange {
  explicit Exchange(const asio::any_io_executor& executor)
      : ended(executor, std::chrono::steady_clock::time_point::max()) {}

  asio::steady_timer ended;
  bool done = false;
  std::vector<std::uint8_t> answer;
};

void on_answer(void* argument, int /*status*/, int /*timeouts*/, unsigned char* octets, int length) {
  const std::unique_ptr<std::shared_ptr<Exchange>> share(static_cast<std::shared_ptr<Exchange>*>(argument));
  Exchange& exchange = **share;
  if (octets && length > 0) exchange.answer.assign(octets, octets + length);
  exchange.done = true;
  exchange.ended.cancel();
}

ares_addr_port_node node_of(const ServerAddress& server) {
  ares_addr_port_node node{};
  const auto octets = server.ip.octets();
  node.family = server.ip.is_v4() ? AF_INET : AF_INET6;
  std::copy(octets.begin(), octets.end(), reinterpret_cast<std::uint8_t*>(&node.addr));
  node.udp_port = server.port;
  node.tcp_port = server.port;
  return node;
}

void check(int status, const ServerAddress& server) {
  if (status == ARES_SUCCESS) return;
  throw std::runtime_error("cannot use DNS server " + server.to_string() + ": " + ares_strerror(status));
}

}  // namespace

struct CaresChannel::Socket {
  Socket(const asio::any_io_executor& executor, ares_socket_t fd) : descriptor(executor, fd) {}

  asio::posix::stream_descriptor descriptor;
  bool wanted[2] = {};   // by c-ares: readable, writable
  bool waiting[2] = {};  // an async_wait is under way
};

CaresChannel::CaresChannel(asio::any_io_executor executor)
    : executor_(std::move(executor)), timer_(executor_) {}

CaresChannel::~CaresChannel() {
  close();
}

std::shared_ptr<CaresChannel> CaresChannel::open(asio::any_io_executor executor, const ServerAddress& server,
                                                 Transport transport, std::chrono::milliseconds timeout) {
  static const int kLibrary = ares_library_init(ARES_LIB_INIT_ALL);
  check(kLibrary, server);
  std::shared_ptr<CaresChannel> channel(new CaresChannel(std::move(executor)));
  ares_options options{};
  // The resolver above decides about other servers, further tries and TCP, since it tells what happened.
  options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
  if (transport == Transport::tcp) options.flags |= ARES_FLAG_USEVC;
  options.tries = 1;
  options.timeout = static_cast<int>(timeout.count());
  options.sock_state_cb = on_socket_state;
  options.sock_state_cb_data = channel.get();
  check(ares_init_options(&channel->channel_, &options,
                          ARES_OPT_FLAGS | ARES_OPT_TRIES | ARES_OPT_TIMEOUTMS | ARES_OPT_SOCK_STATE_CB),
        server);
  ares_addr_port_node node = node_of(server);
  check(ares_set_servers_ports(channel->channel_, &node), server);
  return channel;
}

void CaresChannel::close() {
  if (!channel_) return;
  ares_destroy(std::exchange(channel_, nullptr));  // calls back for every socket and exchange
  timer_.cancel();
}

asio::awaitable<std::vector<std::uint8_t>> CaresChannel::exchange(std::shared_ptr<CaresChannel> channel,
                                                                  std::vector<std::uint8_t> message) {
  auto exchange = std::make_shared<Exchange>(channel->executor_);
  if (!channel->channel_) co_return std::vector<std::uint8_t>();
  ares_send(channel->channel_, message.data(), static_cast<int>(message.size()), on_answer,
            new std::shared_ptr<Exchange>(exchange));
  channel->set_timer();
  if (!exchange->done) co_await exchange->ended.async_wait(asio::as_tuple(asio::use_awaitable));
  if (!exchange->done) throw boost::system::system_error(asio::error::operation_aborted);
  co_return std::move(exchange->answer);
}

void CaresChannel::on_socket_state(void* self, ares_socket_t fd, int readable, int writable) {
  static_cast<CaresChannel*>(self)->watch(fd, readable != 0, writable != 0);
}

void CaresChannel::watch(ares_socket_t fd, bool readable, bool writable) {
  if (!readable && !writable) {
    const auto found = sockets_.find(fd);
    if (found == sockets_.end()) return;
    found->second->descriptor.release();  // c-ares closes it
    sockets_.erase(found);
    return;
  }
  auto& socket = sockets_[fd];
  if (!socket) socket = std::make_shared<Socket>(executor_, fd);
  socket->wanted[0] = readable;
  socket->wanted[1] = writable;
  wait(fd, socket, false);
  wait(fd, socket, true);
}

void CaresChannel::wait(ares_socket_t fd, const std::shared_ptr<Socket>& socket, bool for_write) {
  if (!socket->wanted[for_write] || socket->waiting[for_write]) return;
  socket->waiting[for_write] = true;
  const auto event =
      for_write ? asio::posix::stream_descriptor::wait_write : asio::posix::stream_descriptor::wait_read;
  socket->descriptor.async_wait(
      event, [weak = weak_from_this(), fd, socket, for_write](const boost::system::error_code& error) {
        socket->waiting[for_write] = false;
        const auto self = weak.lock();
        if (error || !self || !self->channel_) return;
        const auto found = self->sockets_.find(fd);
        if (found == self->sockets_.end() || found->second != socket)
          return;  // closed; the number may live on
        self->process(for_write ? ARES_SOCKET_BAD : fd, for_write ? fd : ARES_SOCKET_BAD);
        const auto still = self->sockets_.find(fd);
        if (still != self->sockets_.end() && still->second == socket) self->wait(fd, socket, for_write);
      });
}

void CaresChannel::process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel_, readable, writable);
  set_timer();
}

void CaresChannel::set_timer() {
  timeval left{};
  if (!ares_timeout(channel_, nullptr, &left)) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::chrono::seconds(left.tv_sec) + std::chrono::microseconds(left.tv_usec));
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->channel_) self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

}  // namespace mailassay::dns
