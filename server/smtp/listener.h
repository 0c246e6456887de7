// The SMTP server: listeners on every I/O context, and the connections they accepted.
#pragma once

#include "smtp/activity.h"
#include "smtp/handler.h"
#include "smtp/options.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace mailassay::smtp {

class Server {
 public:
  // One factory a context, used on that context's thread alone; contexts, factories and activity outlive the
  // server, and the contexts' threads have ended before it is destroyed. Reads or makes the TLS certificate;
  // throws std::runtime_error with one line.
  Server(Options options, std::vector<boost::asio::io_context*> contexts,
         std::vector<HandlerFactory*> factories, Activity& activity);
  ~Server();

  // Listens on every context (SO_REUSEPORT), from the moment it returns. Returns where: the port if 0 was
  // asked. Throws std::runtime_error with one line that names the address and what is wrong: a busy port, a
  // missing right, an address that is not this machine's.
  boost::asio::ip::tcp::endpoint listen(const ListenAddress& address);

  // As asked, or fewer where the limit of open files is lower.
  std::size_t max_connections() const;
  std::size_t connections() const;
  // Reads the certificate's files again; throws std::runtime_error and keeps the old ones. Any thread.
  void reload_tls();

  // Accepts no more; idle connections end with 421 at once, the others by `grace`. Returns at once. Any
  // thread.
  void stop(std::chrono::milliseconds grace);
  // Blocks until the last connection has ended; false if `patience` was over first. Not on a context's
  // thread.
  bool wait_stopped(std::chrono::milliseconds patience);

 private:
  struct Shared;
  struct Worker;
  std::shared_ptr<Shared> shared_;
  std::vector<std::shared_ptr<Worker>> workers_;
};

}  // namespace mailassay::smtp
