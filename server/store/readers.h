// The statements that read: a connection for each thread that is reading at the moment, kept for the next.
#pragma once

#include "store/statement.h"
#include "store/store.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/Database.h>

namespace mailassay::store {

class Reader {
 public:
  explicit Reader(const std::string& path);

  std::vector<Inbox> inboxes();
  // Throws std::runtime_error if a batch on disk is damaged.
  std::vector<Event> events(InboxId inbox, JournalNumber after, std::size_t limit);
  JournalNumber last_number(InboxId inbox);
  std::vector<Message> messages(InboxId inbox);
  std::size_t message_count(InboxId inbox);
  std::optional<Message> message(InboxId inbox, const std::string& id);
  std::optional<std::string> mail(const std::string& message_id);
  std::vector<Message> unfinished();
  std::optional<Share> share(const std::string& token);
  std::optional<Share> share_of(InboxId inbox, const std::string& message, bool masked);

 private:
  SQLite::Database database_;
  Statement inboxes_, events_, last_, messages_, count_, message_, mail_, unfinished_, share_, share_of_;
};

class Readers {
 public:
  explicit Readers(std::string path) : path_(std::move(path)) {}

  // Calls use(reader) with one that no other thread has meanwhile.
  template <typename Use>
  auto with(Use use) {
    Lease lease{this, take()};
    return use(*lease.reader);
  }

 private:
  struct Lease {
    Readers* readers;
    std::unique_ptr<Reader> reader;
    ~Lease() { readers->give_back(std::move(reader)); }
  };
  std::unique_ptr<Reader> take();
  void give_back(std::unique_ptr<Reader> reader);

  std::string path_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

}  // namespace mailassay::store
