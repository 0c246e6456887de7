// What /metrics counts of HTTP itself.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace mailassay::http {

struct Gauges {
  std::size_t inboxes = 0;
  std::size_t viewers = 0;
};

struct Counters {
  std::array<std::atomic<std::uint64_t>, 5> answers{};  // by status class, 1xx to 5xx
  std::atomic<std::uint64_t> inboxes_created = 0;
  std::atomic<std::uint64_t> evaluations = 0;
  std::atomic<std::uint64_t> events_sent = 0;

  void count_answer(int status) {
    if (status >= 100 && status < 600) ++answers[static_cast<std::size_t>(status / 100 - 1)];
  }
};

// The Prometheus text format, version 0.0.4.
std::string to_prometheus(const Counters& counters, const Gauges& gauges);

}  // namespace mailassay::http
