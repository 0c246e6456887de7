#include "intake/running.h"

namespace mailassay::intake {

Running::Token::Token(Running& running) : running_(running) {
  const std::lock_guard lock(running_.mutex_);
  ++running_.count_;
}

Running::Token::~Token() {
  const std::lock_guard lock(running_.mutex_);
  --running_.count_;
  running_.ended_.notify_all();
}

std::size_t Running::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

bool Running::wait_for_none(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, patience, [&] { return count_ == 0; });
}

}  // namespace mailassay::intake
