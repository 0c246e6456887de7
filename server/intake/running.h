// How many evaluations are under way, so that a server that stops can let them end. Any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace mailassay::intake {

class Running {
 public:
  // One evaluation, from its mail's arrival to its verdict.
  class Token {
   public:
    explicit Token(Running& running);
    ~Token();
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

   private:
    Running& running_;
  };

  std::size_t count() const;
  // Blocks until none is under way; false if `patience` was over first.
  bool wait_for_none(std::chrono::milliseconds patience);

 private:
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t count_ = 0;
};

}  // namespace mailassay::intake
