// Where the writer's thread tells HTTP threads that an inbox's journal grew. Holds no events: viewers read
// the store.
#pragma once

#include "store/store.h"

#include <chrono>
#include <memory>

namespace mailassay::journal {

class Hub {
 public:
  enum class Wake { grown, gone, patience, stopping };

  Hub();
  ~Hub();
  void grown(store::InboxId inbox, store::JournalNumber last);
  void gone(store::InboxId inbox);  // expired or deleted
  void stop();                      // every waiter wakes, now and from now on

  // Blocks until the inbox has an event after `after` (grown), is gone, the hub stops, or `patience` is over.
  Wake wait(store::InboxId inbox, store::JournalNumber after, std::chrono::milliseconds patience);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mailassay::journal
