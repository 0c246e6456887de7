#include "http/socket_stream.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace mailassay::http {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kWritePatience{10000};

// The events that happened of those asked for (and errors), 0 when the patience is over.
short wait_for(socket_t socket, short events, milliseconds patience) {
  const auto ends = std::chrono::steady_clock::now() + patience;
  while (true) {
    pollfd poller{socket, events, 0};
    const auto left = std::chrono::duration_cast<milliseconds>(ends - std::chrono::steady_clock::now());
    const int ready = ::poll(&poller, 1, static_cast<int>(std::max<milliseconds::rep>(0, left.count())));
    if (ready > 0) return poller.revents;
    if (ready == 0 || errno != EINTR) return 0;
  }
}

void name_of(const sockaddr_storage& address, socklen_t length, std::string& ip, int& port) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> service{};
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), length, host.data(), host.size(),
                    service.data(), service.size(), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return;
  }
  ip = host.data();
  port = std::atoi(service.data());
}

}  // namespace

SocketStream::SocketStream(socket_t socket) : socket_(socket) {}

bool SocketStream::wait_request(milliseconds patience) {
  if (begin_ < end_) return true;
  if ((wait_for(socket_, POLLIN, patience) & POLLIN) == 0) return false;
  return fill();
}

void SocketStream::start_request(milliseconds whole, milliseconds read) {
  request_ends_ = Clock::now() + whole;
  read_patience_ = read;
}

void SocketStream::drain(milliseconds patience) {
  ::shutdown(socket_, SHUT_WR);
  const auto ends = Clock::now() + patience;
  while (Clock::now() < ends && (wait_for(socket_, POLLIN, patience) & POLLIN) != 0 && fill()) {
  }
  begin_ = end_ = 0;
}

bool SocketStream::peer_present() const {
  return (wait_for(socket_, POLLRDHUP, milliseconds(0)) & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

bool SocketStream::is_readable() const {
  if (begin_ < end_) return true;
  const auto left = std::chrono::duration_cast<milliseconds>(request_ends_ - Clock::now());
  return (wait_for(socket_, POLLIN, std::min(left, read_patience_)) & POLLIN) != 0;
}

bool SocketStream::is_writable() const {
  const short events = wait_for(socket_, POLLOUT | POLLRDHUP, milliseconds(0));
  return (events & POLLOUT) != 0 && (events & (POLLRDHUP | POLLHUP | POLLERR)) == 0;
}

bool SocketStream::fill() {
  const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
  begin_ = 0;
  end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
  return got > 0;
}

ssize_t SocketStream::read(char* octets, size_t size) {
  if (!is_readable()) return -1;
  if (begin_ == end_) {
    if (size >= buffer_.size()) return ::recv(socket_, octets, size, 0);
    if (!fill()) return 0;
  }
  const std::size_t count = std::min(size, end_ - begin_);
  std::memcpy(octets, buffer_.data() + begin_, count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t SocketStream::write(const char* octets, size_t size) {
  while (true) {
    if ((wait_for(socket_, POLLOUT, kWritePatience) & POLLOUT) == 0) return -1;
    const ssize_t sent = ::send(socket_, octets, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0 || (errno != EAGAIN && errno != EINTR)) return sent;
  }
}

void SocketStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0) {
    name_of(address, length, ip, port);
  }
}

void SocketStream::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length) == 0) {
    name_of(address, length, ip, port);
  }
}

}  // namespace mailassay::http
