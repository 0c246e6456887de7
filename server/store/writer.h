// The one thread that writes. What is queued within two milliseconds goes into one transaction (a group
// commit), up to a bound.
#pragma once

#include "store/tables.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace mailassay::store {

// One write and who wants to hear of it.
class Write {
 public:
  virtual ~Write() = default;
  // Inside the transaction. May run twice: once in a group that failed, then alone.
  virtual void apply(Tables& tables) = 0;
  // After the commit (or its failure).
  virtual void finished(bool /*ok*/) {}
  // How much memory it holds, about.
  virtual std::size_t octets() const { return 0; }
};

// Committed together or not at all.
using Unit = std::vector<std::unique_ptr<Write>>;

class Writer {
 public:
  using Watcher = std::function<void(InboxId, JournalNumber)>;

  explicit Writer(const std::string& path);
  // Writes what is queued, then ends.
  ~Writer();

  void watch(Watcher watcher);
  void add(Unit unit);
  // Octets that wait to be written.
  std::size_t waiting() const;

 private:
  void run();
  std::vector<Unit> take_group();
  void write(std::vector<Unit> group);
  bool commit(std::span<Unit> group);
  void log(bool ok, const char* what);

  SQLite::Database database_;
  Tables tables_;
  mutable std::mutex mutex_;
  std::condition_variable queued_;
  std::vector<Unit> queue_;
  std::size_t waiting_ = 0;
  bool stopping_ = false;
  bool failing_ = false;  // so that a full disk is logged once, not once a write
  Watcher watcher_;
  std::thread thread_;
};

}  // namespace mailassay::store
