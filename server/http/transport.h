// cpp-httplib's server with what it lacks: a long listen backlog, TCP_NODELAY, refusal instead of queueing
// without end, idle connections that make room, streams that notice a peer who left, and requests made plain
// before the library looks at them.
#pragma once

#include "http/thread_queue.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_set>

#include <httplib.h>

namespace mailassay::http {

class SocketStream;

class Transport final : public httplib::Server {
 public:
  explicit Transport(std::size_t max_threads);

  // Binds and listens; returns the port. Throws std::runtime_error with one clear line.
  std::uint16_t bind(const std::string& address, std::uint16_t port);
  // Accepts until stop(); returns when the last connection is served.
  void run() { listen_after_bind(); }
  // Accepts no more and tells idle connections to go; running answers are finished.
  void stop_accepting();

  // Whether the client of the request that this thread serves is still there.
  static bool peer_present();
  // The connection that this thread serves ends after this answer (its request body was not read).
  static void close_after_answer();
  // The media type that the client sent; the library is shown a neutral one, so that it parses no forms.
  static std::string media_type(const httplib::Request& request);

 private:
  bool process_and_close_socket(socket_t socket) override;
  void serve(SocketStream& stream);
  bool serve_one(SocketStream& stream, bool last);

  const std::size_t max_threads_;
  std::atomic<ThreadQueue*> queue_ = nullptr;
  std::atomic<bool> stopping_ = false;
  std::mutex open_mutex_;
  std::unordered_set<socket_t> open_;
};

}  // namespace mailassay::http
