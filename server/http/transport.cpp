#include "http/transport.h"

#include "http/form.h"
#include "http/socket_stream.h"

#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

namespace mailassay::http {
namespace {

using std::chrono::milliseconds;
constexpr int kBacklog = 4096;  // the library's is 5: a burst of viewers would wait for SYN retries
constexpr int kRequestsAConnection = 1000;
constexpr milliseconds kKeepAlive{5000};
constexpr milliseconds kRequestTime{120000};
constexpr milliseconds kReadTime{5000};
constexpr const char* kSentType = "X-Sent-Content-Type";

// The connection that this thread serves.
struct Serving {
  SocketStream* stream = nullptr;
  bool close = false;
};
thread_local Serving t_serving;

std::string bind_error(const std::string& address, std::uint16_t port, int error) {
  const std::string place = address.find(':') == std::string::npos ? fmt::format("{}:{}", address, port)
                                                                   : fmt::format("[{}]:{}", address, port);
  switch (error) {
    case EADDRINUSE:
      return fmt::format("HTTP address {} is in use by another program: stop it or choose another --http",
                         place);
    case EACCES:
      return fmt::format("HTTP address {} needs more rights: choose a port of 1024 or above with --http",
                         place);
    case EADDRNOTAVAIL:
      return fmt::format("HTTP address {} is not an address of this machine: correct --http", place);
    default:
      return fmt::format("HTTP address {} cannot be bound: {}", place, std::strerror(error));
  }
}

socket_t open_listener(const addrinfo& info) {
  const socket_t socket = ::socket(info.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return socket;
  const int on = 1, off = 0;
  // Not SO_REUSEPORT, which the library sets: a second server would bind silently and take half the clients.
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (info.ai_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (::bind(socket, info.ai_addr, info.ai_addrlen) == 0 && ::listen(socket, kBacklog) == 0) return socket;
  const int error = errno;
  ::close(socket);
  errno = error;
  return -1;
}

std::uint16_t bound_port(socket_t socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

bool may_have_body(const httplib::Request& request) {
  return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

// The library reads a body without a length until the peer closes, parses forms by itself (with a limit of
// 8 KB), takes what follows the last "=" for a parameter's value, cuts answers by Range, and compresses each
// answer anew with brotli's slowest level (0.2 s for a catalogue of words, where gzip needs 2 ms): none of
// that is wanted.
void make_plain(httplib::Request& request) {
  if (may_have_body(request) && !request.has_header("Content-Length") &&
      !request.has_header("Transfer-Encoding")) {
    request.set_header("Content-Length", "0");  // RFC 9112 section 6.3
  }
  request.headers.erase(kSentType);
  if (request.has_header("Content-Type")) {
    request.set_header(kSentType, request.get_header_value("Content-Type"));
    request.headers.erase("Content-Type");
  }
  if (const auto query = request.target.find('?'); query != std::string::npos)
    request.params = parse_form(std::string_view(request.target).substr(query + 1));
  request.ranges.clear();
  const bool gzip = request.get_header_value("Accept-Encoding").find("gzip") != std::string::npos;
  request.headers.erase("Accept-Encoding");
  if (gzip) request.set_header("Accept-Encoding", "gzip");
}

}  // namespace

Transport::Transport(std::size_t max_threads) : max_threads_(max_threads) {
  new_task_queue = [this] {
    auto* queue = new ThreadQueue(max_threads_);
    queue_ = queue;
    return queue;
  };
}

std::uint16_t Transport::bind(const std::string& address, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* info = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &info) != 0) {
    throw std::runtime_error(fmt::format(
        "HTTP address \"{}\" is not an IP address: write it as 127.0.0.1:8080 or [::1]:8080", address));
  }
  const socket_t socket = open_listener(*info);
  const int error = errno;
  ::freeaddrinfo(info);
  if (socket < 0) throw std::runtime_error(bind_error(address, port, error));
  svr_sock_ = socket;
  return bound_port(socket);
}

void Transport::stop_accepting() {
  stopping_ = true;
  stop();
  std::lock_guard lock(open_mutex_);
  for (const socket_t socket : open_) ::shutdown(socket, SHUT_RD);
}

bool Transport::peer_present() {
  return t_serving.stream == nullptr || t_serving.stream->peer_present();
}

void Transport::close_after_answer() {
  t_serving.close = true;
}

std::string Transport::media_type(const httplib::Request& request) {
  const std::string sent = request.get_header_value(kSentType);
  std::string type = sent.substr(0, sent.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& letter : type) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return type;
}

bool Transport::process_and_close_socket(socket_t socket) {
  if (ThreadQueue::refusing()) {
    constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 5\r\nConnection: "
        "close\r\n\r\n";
    ::send(socket, kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  } else {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    {
      std::lock_guard lock(open_mutex_);
      open_.insert(socket);
    }
    SocketStream stream(socket);
    serve(stream);
    std::lock_guard lock(open_mutex_);
    open_.erase(socket);
  }
  ::shutdown(socket, SHUT_RDWR);
  ::close(socket);
  return true;
}

void Transport::serve(SocketStream& stream) {
  for (int left = kRequestsAConnection; left > 0 && !stopping_; --left) {
    const bool crowded = queue_.load()->crowded();
    if (!stream.wait_request(crowded ? milliseconds(100) : kKeepAlive)) return;
    if (!serve_one(stream, left == 1)) return;
  }
}

// True if the connection may carry another request.
bool Transport::serve_one(SocketStream& stream, bool last) {
  t_serving = {&stream, false};
  stream.start_request(kRequestTime, kReadTime);
  bool closed = false;
  const bool answered = process_request(stream, last, closed, make_plain);
  const bool close = t_serving.close;
  t_serving = {};
  // Closing with octets unread would reset the connection before the client has read its answer.
  if (close) stream.drain(milliseconds(2000));
  return answered && !closed && !close;
}

}  // namespace mailassay::http
