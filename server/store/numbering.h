// Journal numbers, in memory: the last of each living inbox, and what the local numbers of each story mean
// there. What a transaction that fails had given out is taken back.
#pragma once

#include "store/store.h"

#include <cstddef>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mailassay::store {

// Used on the writer's thread alone.
class Numbering {
 public:
  // An inbox that is on disk, and its last number.
  void load(InboxId inbox, JournalNumber last) { journals_[inbox] = {.last = last, .committed = last}; }
  // One that this transaction makes.
  void add_inbox(InboxId inbox);

  bool has(InboxId inbox) const;
  // The first of `count` new numbers; 0 if there is no such inbox.
  JournalNumber take(InboxId inbox, std::size_t count);
  // What `local` means in that inbox; 0 if nothing.
  JournalNumber mapped(InboxId inbox, StoryId story, trace::Number local) const;
  void map(InboxId inbox, StoryId story, trace::Number local, JournalNumber number);

  void remove_inbox(InboxId inbox);
  void end_story(StoryId story) { ended_.push_back(story); }

  // The transaction is on disk: the inboxes that grew, with their last numbers.
  std::vector<std::pair<InboxId, JournalNumber>> commit();
  void roll_back();

 private:
  struct Journal {
    JournalNumber last = 0;
    JournalNumber committed = 0;
    bool touched = false;
    bool added = false;  // by the transaction under way
    bool removed = false;
  };
  // Local numbers ascend as a story goes on, so a sorted vector is nearly always only appended to.
  using Meanings = std::vector<std::pair<trace::Number, JournalNumber>>;

  void touch(InboxId inbox, Journal* journal);

  std::unordered_map<InboxId, Journal> journals_;
  std::unordered_map<StoryId, std::unordered_map<InboxId, Meanings>> stories_;
  std::vector<InboxId> touched_;
  std::vector<StoryId> ended_;
};

}  // namespace mailassay::store
