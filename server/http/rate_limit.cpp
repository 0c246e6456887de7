#include "http/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace mailassay::http {
namespace {

constexpr std::size_t kMaxClients = 10000;

}  // namespace

std::chrono::milliseconds RateLimit::spend(const std::string& client, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  Bucket& bucket = refill(client, now);
  const auto wait = wait_for(bucket);
  if (wait.count() == 0) bucket.permits -= 1;
  return wait;
}

std::chrono::milliseconds RateLimit::left_to_wait(const std::string& client, Clock::time_point now) {
  std::lock_guard lock(mutex_);
  return wait_for(refill(client, now));
}

RateLimit::Bucket& RateLimit::refill(const std::string& client, Clock::time_point now) {
  if (buckets_.size() >= kMaxClients) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(client, Bucket{a_minute_, now}).first->second;
  const std::chrono::duration<double, std::ratio<60>> minutes = now - bucket.at;
  bucket.permits = std::min(a_minute_, bucket.permits + minutes.count() * a_minute_);
  bucket.at = now;
  return bucket;
}

std::chrono::milliseconds RateLimit::wait_for(const Bucket& bucket) const {
  if (bucket.permits >= 1) return std::chrono::milliseconds(0);
  return std::chrono::milliseconds(std::lround(std::ceil((1 - bucket.permits) * 60000 / a_minute_)));
}

// A full bucket says nothing that a new one would not. When nobody's is full, all start anew: memory is
// bounded.
void RateLimit::forget_full(Clock::time_point now) {
  std::erase_if(buckets_,
                [&](const auto& entry) { return now - entry.second.at >= std::chrono::minutes(1); });
  if (buckets_.size() >= kMaxClients) buckets_.clear();
}

}  // namespace mailassay::http
