// One accepted connection as cpp-httplib reads and writes it, with bounds of its own: buffered reading (the
// library's reads an octet a system call), a time for the whole request, and an answer to "is anybody
// there?".
#pragma once

#include <array>
#include <chrono>
#include <string>

#include <httplib.h>

namespace mailassay::http {

class SocketStream final : public httplib::Stream {
 public:
  explicit SocketStream(socket_t socket);  // does not own it

  // Waits for the first octet of a request; false when none came or the peer has gone.
  bool wait_request(std::chrono::milliseconds patience);
  // From now, the request must be whole within `whole`; each read must bring something within `read`.
  void start_request(std::chrono::milliseconds whole, std::chrono::milliseconds read);

  // Says that no more will be written, and throws away what still comes.
  void drain(std::chrono::milliseconds patience);

  // The peer still listens (it closed neither side).
  bool peer_present() const;

  bool is_readable() const override;
  bool is_writable() const override;  // room in the socket, and the peer is present
  ssize_t read(char* octets, size_t size) override;
  ssize_t write(const char* octets, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool fill();

  const socket_t socket_;
  Clock::time_point request_ends_{};
  std::chrono::milliseconds read_patience_{5000};
  std::array<char, 8192> buffer_{};
  std::size_t begin_ = 0, end_ = 0;
};

}  // namespace mailassay::http
