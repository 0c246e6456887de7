// A bounded number of things at once.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

namespace mailassay::http {

class Slots {
 public:
  explicit Slots(std::size_t bound) : bound_(bound) {}

  // Holds a place until the last copy is gone; null when all are taken.
  std::shared_ptr<void> take() {
    if (taken_.fetch_add(1) < bound_) {
      return {this, [](Slots* slots) { slots->taken_.fetch_sub(1); }};
    }
    taken_.fetch_sub(1);
    return nullptr;
  }
  std::size_t taken() const { return taken_; }

 private:
  const std::size_t bound_;
  std::atomic<std::size_t> taken_ = 0;
};

}  // namespace mailassay::http
