// What a person who waits for a mail in vain wants to know: did anyone connect, and who was turned away.
// Any thread.
#pragma once

#include "net/ip_address.h"
#include "smtp/reply.h"
#include "trace/step.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::smtp {

struct Refusal {
  trace::TimePoint at;
  net::IpAddress peer;
  std::string command;  // without local parts and secrets; empty if the connection itself was refused
  int code = 0;
  std::string text;
};

class Activity {
 public:
  struct Snapshot {
    std::optional<trace::TimePoint> last_from_outside;  // a peer that is not on loopback
    std::optional<net::IpAddress> last_outside_peer;
    std::uint64_t connections = 0;
    std::uint64_t mails = 0;
    std::uint64_t refused = 0;
    std::vector<Refusal> refusals;  // the last 50, oldest first
  };

  void connected(const net::IpAddress& peer);
  void mail_received();
  // `line` as it was sent; empty for a refused connection.
  void refused(const net::IpAddress& peer, std::string_view line, const Reply& reply);
  Snapshot snapshot() const;

 private:
  mutable std::mutex mutex_;
  Snapshot now_;  // all but the refusals
  std::deque<Refusal> refusals_;
};

}  // namespace mailassay::smtp
