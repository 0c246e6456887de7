#include "http/thread_queue.h"

#include <chrono>
#include <system_error>
#include <thread>

namespace mailassay::http {
namespace {

constexpr std::chrono::seconds kIdleLife{10};
thread_local bool t_refusing = false;

}  // namespace

bool ThreadQueue::refusing() {
  return t_refusing;
}

bool ThreadQueue::crowded() const {
  std::lock_guard lock(mutex_);
  return threads_ >= max_threads_ && idle_ == 0;
}

void ThreadQueue::enqueue(std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    const bool served = idle_ > tasks_.size() || add_thread();
    if (!stopping_ && (served || (threads_ > 0 && busy_ + tasks_.size() < 2 * max_threads_))) {
      tasks_.push_back(std::move(task));
      work_.notify_one();
      return;
    }
  }
  t_refusing = true;
  task();
  t_refusing = false;
}

// Called with the lock held. False at the bound, or when the machine has no thread left.
bool ThreadQueue::add_thread() {
  if (stopping_ || threads_ >= max_threads_) return false;
  try {
    std::thread([this] { work(); }).detach();
  } catch (const std::system_error&) {
    return false;
  }
  ++threads_;
  return true;
}

void ThreadQueue::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    work_.wait_for(lock, kIdleLife, [this] { return stopping_ || !tasks_.empty(); });
    --idle_;
    if (tasks_.empty()) break;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    ++busy_;
    lock.unlock();
    task();
    lock.lock();
    --busy_;
  }
  --threads_;
  // Notified under the lock: after it the queue may be gone.
  ended_.notify_all();
}

void ThreadQueue::shutdown() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  work_.notify_all();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace mailassay::http
