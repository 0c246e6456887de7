// The statements that write, and the numbering that goes with them. Used on the writer's thread, inside its
// transaction; each throws SQLite::Exception when the disk does not do its part.
#pragma once

#include "store/numbering.h"
#include "store/statement.h"
#include "store/store.h"

#include <span>
#include <string>
#include <vector>

#include <SQLiteCpp/Database.h>

namespace mailassay::store {

// The rows of `steps`: inbox and first number in one integer key, so that a journal lies in order.
inline std::int64_t steps_key(InboxId inbox, JournalNumber first) {
  return (inbox << 32) | static_cast<std::int64_t>(first);
}

class Tables {
 public:
  explicit Tables(SQLite::Database& database);

  Numbering& numbering() { return numbering_; }

  // The journal number of the first step; 0 if the inbox is gone.
  JournalNumber append(InboxId inbox, StoryId story, const std::string& message, const trace::Batch& steps);
  InboxId add_inbox(const Inbox& inbox);
  void renew_inbox(InboxId inbox, trace::TimePoint expires_at);
  void remove_inbox(InboxId inbox);
  void add_message(const Message& message);
  void keep_mail(const std::string& id, std::string_view octets, std::span<const Message> messages);
  void set_judged(const Message& message);
  void set_aborted(InboxId inbox, const std::string& message_id);
  // Writes a page that stays as it was.
  void touch();
  void count_attempt(InboxId inbox, const std::string& message_id);
  void add_share(const Share& share);

 private:
  void put_message(const Message& message, MessageState state);

  SQLite::Database& database_;
  Numbering numbering_;
  Statement append_, add_inbox_, renew_inbox_;
  Statement remove_inbox_, remove_steps_, remove_mails_, remove_messages_, remove_shares_;
  Statement put_message_, keep_mail_, judged_, aborted_, attempt_, add_share_;
  std::vector<JournalNumber> parents_;  // kept from call to call
  std::string batch_;
};

}  // namespace mailassay::store
