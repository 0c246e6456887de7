// How often one client may do something.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace mailassay::http {

// A bucket of `a_minute` permits a client, refilled evenly. Any thread.
class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateLimit(int a_minute) : a_minute_(a_minute) {}

  // Zero if the client may, and one permit is spent; else the time until the next permit.
  std::chrono::milliseconds spend(const std::string& client, Clock::time_point now = Clock::now());
  // The time until the client has a permit, zero if it has one; none is spent.
  std::chrono::milliseconds left_to_wait(const std::string& client, Clock::time_point now = Clock::now());

 private:
  struct Bucket {
    double permits;
    Clock::time_point at;
  };
  Bucket& refill(const std::string& client, Clock::time_point now);
  std::chrono::milliseconds wait_for(const Bucket& bucket) const;
  void forget_full(Clock::time_point now);

  const double a_minute_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace mailassay::http
