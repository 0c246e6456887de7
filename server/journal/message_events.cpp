#include "journal/message_events.h"

#include <algorithm>
#include <unordered_set>

namespace mailassay::journal {
namespace {

constexpr std::size_t kBatch = 256;

// The connection that brought the message: the first of its ancestors.
store::JournalNumber root_of(store::Store& store, const store::Message& message) {
  auto number = message.started;
  while (number > 0) {
    const auto found = store.events(message.inbox, number - 1, 1);
    if (found.empty() || found.front().parent == 0 || found.front().parent >= number) break;
    number = found.front().parent;
  }
  return number;
}

}  // namespace

std::vector<store::Event> message_events(store::Store& store, const store::Message& message) {
  const auto root = root_of(store, message);
  std::unordered_set<store::JournalNumber> told;
  std::vector<store::Event> story;
  auto after = root > 0 ? root - 1 : 0;
  while (true) {
    auto batch = store.events(message.inbox, after, kBatch);
    if (batch.empty()) return story;
    after = batch.back().number;
    for (auto& event : batch) {
      const bool own = event.message == message.id;
      const bool of_connection =
          event.message.empty() && (event.number == root || told.contains(event.parent));
      if (!own && !of_connection) continue;
      told.insert(event.number);
      const bool last = own && event.phase == trace::Phase::verdict;
      story.push_back(std::move(event));
      if (last) return story;
    }
  }
}

}  // namespace mailassay::journal
