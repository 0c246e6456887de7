#include "store/writer.h"

#include "store/schema.h"

#include <SQLiteCpp/Transaction.h>
#include <spdlog/spdlog.h>

namespace mailassay::store {
namespace {

// How long a group waits for company: a commit costs the disk about as much for one mail as for ten.
constexpr std::chrono::milliseconds kGathering{2};
constexpr std::size_t kGroupUnits = 4096;
constexpr std::size_t kGroupOctets = 64U << 20;

std::size_t octets_of(const Unit& unit) {
  std::size_t sum = 0;
  for (const auto& write : unit) sum += write->octets();
  return sum;
}

}  // namespace

Writer::Writer(const std::string& path)
    : database_(open_for_writing(path)), tables_(database_), thread_([this] { run(); }) {}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_one();
  thread_.join();
}

void Writer::watch(Watcher watcher) {
  const std::lock_guard lock(mutex_);
  watcher_ = std::move(watcher);
}

void Writer::add(Unit unit) {
  const auto octets = octets_of(unit);
  const std::lock_guard lock(mutex_);
  waiting_ += octets;
  queue_.push_back(std::move(unit));
  if (queue_.size() == 1) queued_.notify_one();
}

std::size_t Writer::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

std::vector<Unit> Writer::take_group() {
  std::unique_lock lock(mutex_);
  queued_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
  queued_.wait_for(lock, kGathering, [&] { return stopping_; });
  std::size_t units = 0;
  std::size_t octets = 0;
  while (units < queue_.size() && units < kGroupUnits && octets < kGroupOctets)
    octets += octets_of(queue_[units++]);
  waiting_ -= octets;
  if (units == queue_.size()) return std::exchange(queue_, {});
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(units);
  std::vector<Unit> group(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return group;
}

void Writer::run() {
  while (true) {
    auto group = take_group();
    if (group.empty()) return;  // stopping, and nothing is left
    write(std::move(group));
  }
}

void Writer::write(std::vector<Unit> group) {
  if (commit(group)) {
    for (auto& unit : group)
      for (auto& write : unit) write->finished(true);
    return;
  }
  // One bad write must not take the others with it: each gets a transaction of its own.
  for (auto& unit : group) {
    const bool ok = group.size() > 1 && commit({&unit, 1});
    for (auto& write : unit) write->finished(ok);
  }
}

bool Writer::commit(std::span<Unit> group) {
  try {
    SQLite::Transaction transaction(database_);
    for (auto& unit : group)
      for (auto& write : unit) write->apply(tables_);
    transaction.commit();
  } catch (const std::exception& error) {
    tables_.numbering().roll_back();
    log(false, error.what());
    return false;
  }
  log(true, "");
  for (const auto& [inbox, last] : tables_.numbering().commit())
    if (watcher_) watcher_(inbox, last);
  return true;
}

void Writer::log(bool ok, const char* what) {
  if (std::exchange(failing_, !ok) == !ok) return;
  if (ok)
    spdlog::info("store: writing works again");
  else
    spdlog::error("store: cannot write: {}", what);
}

}  // namespace mailassay::store
