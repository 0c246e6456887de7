// How many connections there may be, in all and from one address. Any thread.
#pragma once

#include "net/ip_address.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace mailassay::smtp {

class ConnectionLimits : public std::enable_shared_from_this<ConnectionLimits> {
 public:
  ConnectionLimits(std::size_t total, std::size_t per_ip) : total_(total), per_ip_(per_ip) {}

  // A place among the connections, given back when it goes.
  class Place {
   public:
    Place(std::shared_ptr<ConnectionLimits> limits, std::optional<net::IpAddress> ip)
        : limits_(std::move(limits)), ip_(ip) {}
    Place(Place&&) = default;
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (limits_) limits_->give_back(ip_);
    }

   private:
    std::shared_ptr<ConnectionLimits> limits_;
    std::optional<net::IpAddress> ip_;
  };

  // Nothing if there are too many. Without ip (a trusted proxy's connections) only the total counts.
  std::optional<Place> take(std::optional<net::IpAddress> ip) {
    const std::lock_guard lock(mutex_);
    if (count_ >= total_) return std::nullopt;
    if (ip) {
      auto& of_ip = by_ip_[*ip];
      if (of_ip >= per_ip_) return std::nullopt;
      ++of_ip;
    }
    ++count_;
    return Place(shared_from_this(), ip);
  }

  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

  // Blocks until no connection is left; false if the time was over first.
  bool wait_until_none(std::chrono::milliseconds patience) const {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, patience, [this] { return count_ == 0; });
  }

 private:
  void give_back(const std::optional<net::IpAddress>& ip) {
    const std::lock_guard lock(mutex_);
    if (ip) {
      const auto of_ip = by_ip_.find(*ip);
      if (--of_ip->second == 0) by_ip_.erase(of_ip);
    }
    if (--count_ == 0) none_.notify_all();
  }

  const std::size_t total_, per_ip_;
  mutable std::mutex mutex_;
  mutable std::condition_variable none_;
  std::size_t count_ = 0;
  std::map<net::IpAddress, std::size_t> by_ip_;
};

}  // namespace mailassay::smtp
