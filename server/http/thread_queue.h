// cpp-httplib's task queue: threads made on demand up to a bound, gone again when idle. A connection holds
// its thread as long as it lives, so a fixed small pool would be blocked by a dozen viewers.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include <httplib.h>

namespace mailassay::http {

class ThreadQueue final : public httplib::TaskQueue {
 public:
  // At most `max_threads`, and as many connections waiting for one. What is beyond runs at once on the
  // caller's thread with refusing() true: it must answer 503 without waiting.
  explicit ThreadQueue(std::size_t max_threads) : max_threads_(max_threads) {}
  ~ThreadQueue() override { shutdown(); }

  void enqueue(std::function<void()> task) override;
  // Waits until every task is done.
  void shutdown() override;

  // No thread is left: idle keep-alive connections should make room.
  bool crowded() const;
  static bool refusing();

 private:
  bool add_thread();
  void work();

  const std::size_t max_threads_;
  mutable std::mutex mutex_;
  std::condition_variable work_, ended_;
  std::deque<std::function<void()>> tasks_;
  std::size_t threads_ = 0, idle_ = 0, busy_ = 0;  // alive; waiting for a task; inside one
  bool stopping_ = false;
};

}  // namespace mailassay::http
