#include "journal/hub.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>

namespace mailassay::journal {
namespace {

constexpr std::size_t kShards = 16;
// How many removed inboxes a shard remembers, for the viewer that was reading while its inbox went.
constexpr std::size_t kGoneKept = 1024;

struct Entry {
  store::JournalNumber last = 0;
  bool gone = false;
  int waiters = 0;
  std::condition_variable changed;  // its own: a mail wakes the viewers of its inbox and no others
};

struct Shard {
  std::mutex mutex;
  std::unordered_map<store::InboxId, Entry> entries;  // references stay valid while it grows
  std::deque<store::InboxId> gone;
};

// Forgets the oldest removed inbox that nobody waits for any more.
void forget_oldest(Shard* shard) {
  const auto oldest = shard->gone.front();
  shard->gone.pop_front();
  const auto found = shard->entries.find(oldest);
  if (found == shard->entries.end()) return;
  if (found->second.waiters == 0)
    shard->entries.erase(found);
  else
    shard->gone.push_back(oldest);
}

}  // namespace

struct Hub::State {
  std::array<Shard, kShards> shards;
  std::atomic<bool> stopping = false;

  Shard& shard(store::InboxId inbox) { return shards[static_cast<std::size_t>(inbox) % kShards]; }
};

Hub::Hub() : state_(std::make_unique<State>()) {}
Hub::~Hub() = default;

void Hub::grown(store::InboxId inbox, store::JournalNumber last) {
  auto& shard = state_->shard(inbox);
  const std::lock_guard lock(shard.mutex);
  auto& entry = shard.entries[inbox];
  entry.last = std::max(entry.last, last);
  if (entry.waiters > 0) entry.changed.notify_all();
}

void Hub::gone(store::InboxId inbox) {
  auto& shard = state_->shard(inbox);
  const std::lock_guard lock(shard.mutex);
  auto& entry = shard.entries[inbox];
  if (entry.gone) return;
  entry.gone = true;
  entry.changed.notify_all();
  shard.gone.push_back(inbox);
  if (shard.gone.size() > kGoneKept) forget_oldest(&shard);
}

void Hub::stop() {
  state_->stopping = true;
  for (auto& shard : state_->shards) {
    const std::lock_guard lock(shard.mutex);  // a waiter is either before its check, or asleep
    for (auto& [inbox, entry] : shard.entries) entry.changed.notify_all();
  }
}

Hub::Wake Hub::wait(store::InboxId inbox, store::JournalNumber after, std::chrono::milliseconds patience) {
  auto& shard = state_->shard(inbox);
  std::unique_lock lock(shard.mutex);
  auto& entry = shard.entries[inbox];
  ++entry.waiters;
  const auto changed = [&] { return state_->stopping || entry.gone || entry.last > after; };
  entry.changed.wait_for(lock, patience, changed);
  --entry.waiters;
  if (state_->stopping) return Wake::stopping;
  if (entry.gone) return Wake::gone;
  return entry.last > after ? Wake::grown : Wake::patience;
}

}  // namespace mailassay::journal
