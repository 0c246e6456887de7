// One server over one transport: a c-ares channel on an Asio executor. One thread.
#pragma once

#include "dns/server_address.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include <ares.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace mailassay::dns {

enum class Transport { udp, tcp };

class CaresChannel final : public std::enable_shared_from_this<CaresChannel> {
 public:
  static std::shared_ptr<CaresChannel> open(boost::asio::any_io_executor executor,
                                            const ServerAddress& server, Transport transport,
                                            std::chrono::milliseconds timeout);
  ~CaresChannel();
  CaresChannel(const CaresChannel&) = delete;
  CaresChannel& operator=(const CaresChannel&) = delete;

  // Sends a DNS message; the answer's octets, truncated or not, or none if nobody answered within the
  // time-out. Throws operation_aborted when the caller is cancelled.
  static boost::asio::awaitable<std::vector<std::uint8_t>> exchange(std::shared_ptr<CaresChannel> channel,
                                                                    std::vector<std::uint8_t> message);
  // Ends all exchanges without an answer.
  void close();

 private:
  struct Socket;

  explicit CaresChannel(boost::asio::any_io_executor executor);
  static void on_socket_state(void* self, ares_socket_t fd, int readable, int writable);

  void watch(ares_socket_t fd, bool readable, bool writable);
  void wait(ares_socket_t fd, const std::shared_ptr<Socket>& socket, bool for_write);
  void process(ares_socket_t readable, ares_socket_t writable);
  void set_timer();

  boost::asio::any_io_executor executor_;
  ares_channel channel_ = nullptr;
  std::unordered_map<ares_socket_t, std::shared_ptr<Socket>> sockets_;
  boost::asio::steady_timer timer_;  // c-ares wants a call when its next time-out is due
};

}  // namespace mailassay::dns
