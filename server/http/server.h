// The HTTP side: the API, the live streams, the embedded page and the metrics, on cpp-httplib's threads.
#pragma once

#include "evaluation/evaluation_service.h"
#include "intake/inboxes.h"
#include "journal/hub.h"
#include "store/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

namespace mailassay::http {

struct Options {
  std::string address = "127.0.0.1";  // numeric, without brackets
  std::uint16_t port = 8080;          // 0: any free one
  std::string public_url;             // "https://looking.example"; empty: as the client addressed us
  std::vector<std::string>
      allowed_hosts;                      // names beside localhost, when bound to loopback without public_url
  std::string domain = "mailassay.test";  // of the addresses given out; also the receiver's name
  std::string access_key;                 // empty: open to whoever can connect
  bool trust_forwarded_for = false;       // a proxy in front: the client is the last entry of X-Forwarded-For

  std::size_t max_viewers = 1000;                 // streams and long polls, a thread each
  std::size_t spare_threads = 64;                 // for everything else, so that viewers never starve it
  std::size_t max_evaluations = 16;               // of POST /evaluate, at once
  std::size_t evaluate_limit = 32 * 1024 * 1024;  // octets of a mail to /evaluate
  std::size_t body_limit = 64 * 1024;             // octets of any other request
  int inboxes_a_minute = 60;                      // created by one client; loopback is exempt
  std::chrono::milliseconds heartbeat{15000};
  std::chrono::milliseconds evaluation_deadline{8000};  // less than the 10 s that SIGTERM may take
};

// What the rest of the program gives. All of it outlives the server and is called from many threads.
struct Services {
  intake::Inboxes& inboxes;
  store::Store& store;
  journal::Hub& hub;
  // EvaluationService::run, or a test's own.
  std::function<std::optional<evaluation::Judged>(evaluation::Job, std::chrono::milliseconds)> evaluate;
  // What `mailassay doctor` knows. Empty function: the route answers 404.
  std::function<std::optional<boost::json::object>()> reachability;
  // Lines of Prometheus text for /metrics, each ended by LF.
  std::function<std::string()> extra_metrics;
  std::function<bool()> smtp_listens;    // /healthz; an empty function is yes
  std::function<std::string()> unready;  // /readyz: why not, in one line; empty text is ready
};

class Server {
 public:
  Server(Options options, Services services);
  ~Server();  // stops

  // Binds and serves on threads of its own. Throws std::runtime_error with one line that names the address
  // and what to do (busy port, address of another machine, no right to the port).
  void start();
  // The port that was bound.
  std::uint16_t port() const;
  // Method and pattern of each path that is answered, without the web files (see Router::add).
  std::vector<std::pair<std::string, std::string>> routes() const;
  // Ends the streams (through Hub::stop, for good), refuses new requests, and returns when the running ones
  // are answered.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mailassay::http
