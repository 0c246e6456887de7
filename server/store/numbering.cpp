#include "store/numbering.h"

#include <algorithm>

namespace mailassay::store {

bool Numbering::has(InboxId inbox) const {
  const auto found = journals_.find(inbox);
  return found != journals_.end() && !found->second.removed;
}

void Numbering::touch(InboxId inbox, Journal* journal) {
  if (std::exchange(journal->touched, true)) return;
  touched_.push_back(inbox);
}

void Numbering::add_inbox(InboxId inbox) {
  auto& journal = journals_[inbox] = {.added = true};
  touch(inbox, &journal);
}

JournalNumber Numbering::take(InboxId inbox, std::size_t count) {
  const auto found = journals_.find(inbox);
  if (found == journals_.end() || found->second.removed) return 0;
  auto& journal = found->second;
  touch(inbox, &journal);
  const auto first = journal.last + 1;
  journal.last += count;
  return first;
}

JournalNumber Numbering::mapped(InboxId inbox, StoryId story, trace::Number local) const {
  if (local == 0) return 0;
  const auto of_story = stories_.find(story);
  if (of_story == stories_.end()) return 0;
  const auto of_inbox = of_story->second.find(inbox);
  if (of_inbox == of_story->second.end()) return 0;
  const auto& meanings = of_inbox->second;
  const auto found = std::ranges::lower_bound(meanings, local, {}, &Meanings::value_type::first);
  return found != meanings.end() && found->first == local ? found->second : 0;
}

void Numbering::map(InboxId inbox, StoryId story, trace::Number local, JournalNumber number) {
  if (local == 0) return;
  auto& meanings = stories_[story][inbox];
  if (meanings.empty() || meanings.back().first < local) {
    meanings.emplace_back(local, number);
    return;
  }
  const auto found = std::ranges::lower_bound(meanings, local, {}, &Meanings::value_type::first);
  if (found != meanings.end() && found->first == local)
    found->second = number;
  else
    meanings.insert(found, {local, number});
}

void Numbering::remove_inbox(InboxId inbox) {
  const auto found = journals_.find(inbox);
  if (found == journals_.end()) return;
  found->second.removed = true;
  touch(inbox, &found->second);
}

std::vector<std::pair<InboxId, JournalNumber>> Numbering::commit() {
  std::vector<std::pair<InboxId, JournalNumber>> grown;
  for (const auto inbox : std::exchange(touched_, {})) {
    auto& journal = journals_[inbox];
    if (journal.removed) {
      journals_.erase(inbox);
      for (auto& [story, meanings] : stories_) meanings.erase(inbox);
      continue;
    }
    journal.touched = journal.added = false;
    if (journal.last != journal.committed) grown.emplace_back(inbox, journal.last);
    journal.committed = journal.last;
  }
  for (const auto story : std::exchange(ended_, {})) stories_.erase(story);
  return grown;
}

void Numbering::roll_back() {
  for (const auto inbox : std::exchange(touched_, {})) {
    auto& journal = journals_[inbox];
    if (journal.added) {
      journals_.erase(inbox);
      continue;
    }
    journal = {.last = journal.committed, .committed = journal.committed};
    // A meaning beyond what is on disk came from the transaction that failed.
    for (auto& [story, meanings] : stories_)
      if (const auto found = meanings.find(inbox); found != meanings.end())
        std::erase_if(found->second, [&](const auto& entry) { return entry.second > journal.committed; });
  }
  ended_.clear();
}

}  // namespace mailassay::store
