#include "store/folder_lock.h"
#include "store/readers.h"
#include "store/store.h"
#include "store/writer.h"

#include <atomic>
#include <future>

namespace mailassay::store {
namespace {

// More than this waiting for a disk that does not keep up: further mails are refused for now.
constexpr std::size_t kWaitingOctets = 256U << 20;

// A write of two functions: apply, and what follows the commit.
template <typename Apply, typename Finished>
class SimpleWrite final : public Write {
 public:
  SimpleWrite(Apply apply, Finished finished) : apply_(std::move(apply)), finished_(std::move(finished)) {}
  void apply(Tables& tables) override { apply_(tables); }
  void finished(bool ok) override { finished_(ok); }

 private:
  Apply apply_;
  Finished finished_;
};

class AppendWrite final : public Write {
 public:
  AppendWrite(InboxId inbox, StoryId story, std::string message, trace::Batch steps,
              std::function<void(JournalNumber)> first)
      : inbox_(inbox),
        story_(story),
        message_(std::move(message)),
        steps_(std::move(steps)),
        on_first_(std::move(first)) {}
  void apply(Tables& tables) override { first_ = tables.append(inbox_, story_, message_, steps_); }
  void finished(bool ok) override {
    if (on_first_) on_first_(ok ? first_ : 0);
  }

 private:
  InboxId inbox_;
  StoryId story_;
  std::string message_;
  trace::Batch steps_;
  std::function<void(JournalNumber)> on_first_;
  JournalNumber first_ = 0;
};

class AddInboxWrite final : public Write {
 public:
  AddInboxWrite(Inbox inbox, std::function<void(InboxId)> added)
      : inbox_(std::move(inbox)), added_(std::move(added)) {}
  void apply(Tables& tables) override { id_ = tables.add_inbox(inbox_); }
  void finished(bool ok) override {
    if (added_) added_(ok ? id_ : 0);
  }

 private:
  Inbox inbox_;
  std::function<void(InboxId)> added_;
  InboxId id_ = 0;
};

class KeepMailWrite final : public Write {
 public:
  KeepMailWrite(std::string id, std::string octets, std::vector<Message> messages, Store::Done done)
      : id_(std::move(id)),
        octets_(std::move(octets)),
        messages_(std::move(messages)),
        done_(std::move(done)) {}
  void apply(Tables& tables) override { tables.keep_mail(id_, octets_, messages_); }
  void finished(bool ok) override {
    if (done_) done_(ok);
  }
  std::size_t octets() const override { return octets_.size(); }

 private:
  std::string id_;
  std::string octets_;
  std::vector<Message> messages_;
  Store::Done done_;
};

// Where a thread's writes are gathered inside together().
struct Gathering {
  const Store* store = nullptr;
  Unit* unit = nullptr;
};
thread_local Gathering gathering;

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(const std::string& folder)
      : lock_(folder), writer_(folder + "/mailassay.db"), readers_(folder + "/mailassay.db") {}

  StoryId new_story() override { return ++last_story_; }

  void map_step(InboxId inbox, StoryId story, trace::Number local, JournalNumber number) override {
    add([=](Tables& tables) { tables.numbering().map(inbox, story, local, number); });
  }

  void append(InboxId inbox, StoryId story, std::string message, trace::Batch steps,
              std::function<void(JournalNumber)> first) override {
    add(std::make_unique<AppendWrite>(inbox, story, std::move(message), std::move(steps), std::move(first)));
  }

  void end_story(StoryId story) override {
    add([=](Tables& tables) { tables.numbering().end_story(story); });
  }

  void add_inbox(Inbox inbox, std::function<void(InboxId)> added) override {
    add(std::make_unique<AddInboxWrite>(std::move(inbox), std::move(added)));
  }

  void renew_inbox(InboxId inbox, trace::TimePoint expires_at) override {
    add([=](Tables& tables) { tables.renew_inbox(inbox, expires_at); });
  }

  void remove_inbox(InboxId inbox, Done done) override {
    add([=](Tables& tables) { tables.remove_inbox(inbox); },
        [done = std::move(done)](bool ok) {
          if (done) done(ok);
        });
  }

  void together(const std::function<void()>& writes) override {
    if (gathering.store == this) return writes();  // already inside
    Unit unit;
    const auto outer = std::exchange(gathering, {this, &unit});
    try {
      writes();
    } catch (...) {
      gathering = outer;
      throw;
    }
    gathering = outer;
    if (!unit.empty()) writer_.add(std::move(unit));
  }

  void add_message(Message message) override {
    add([message = std::move(message)](Tables& tables) { tables.add_message(message); });
  }

  void add_message(Message message, StoryId story, trace::Number started) override {
    add([=, message = std::move(message)](Tables& tables) mutable {
      message.started = tables.numbering().mapped(message.inbox, story, started);
      tables.add_message(message);
    });
  }

  void keep_mail(std::string message_id, std::string octets, std::vector<Message> messages,
                 Done done) override {
    if (writer_.waiting() + octets.size() > kWaitingOctets)
      return add([](Tables&) {}, [done = std::move(done)](bool) { done(false); });
    add(std::make_unique<KeepMailWrite>(std::move(message_id), std::move(octets), std::move(messages),
                                        std::move(done)));
  }

  void set_judged(Message message) override {
    add([message = std::move(message)](Tables& tables) { tables.set_judged(message); });
  }

  void set_aborted(InboxId inbox, std::string message_id) override {
    add([inbox, id = std::move(message_id)](Tables& tables) { tables.set_aborted(inbox, id); });
  }

  void count_attempt(InboxId inbox, std::string message_id) override {
    add([inbox, id = std::move(message_id)](Tables& tables) { tables.count_attempt(inbox, id); });
  }

  void add_share(Share share, Done done) override {
    add([share = std::move(share)](Tables& tables) { tables.add_share(share); },
        [done = std::move(done)](bool ok) {
          if (done) done(ok);
        });
  }

  void probe(Done done) override {
    add([](Tables& tables) { tables.touch(); }, std::move(done));
  }

  void watch(std::function<void(InboxId, JournalNumber)> watcher) override {
    writer_.watch(std::move(watcher));
  }

  void flush() override {
    std::promise<void> written;
    add([](Tables&) {}, [&](bool) { written.set_value(); });
    written.get_future().wait();
  }

  std::vector<Inbox> inboxes() override {
    return readers_.with([](Reader& reader) { return reader.inboxes(); });
  }
  std::vector<Event> events(InboxId inbox, JournalNumber after, std::size_t limit) override {
    return readers_.with([&](Reader& reader) { return reader.events(inbox, after, limit); });
  }
  JournalNumber last_number(InboxId inbox) override {
    return readers_.with([&](Reader& reader) { return reader.last_number(inbox); });
  }
  std::vector<Message> messages(InboxId inbox) override {
    return readers_.with([&](Reader& reader) { return reader.messages(inbox); });
  }
  std::size_t message_count(InboxId inbox) override {
    return readers_.with([&](Reader& reader) { return reader.message_count(inbox); });
  }
  std::optional<Message> message(InboxId inbox, const std::string& id) override {
    return readers_.with([&](Reader& reader) { return reader.message(inbox, id); });
  }
  std::optional<std::string> mail(const std::string& message_id) override {
    return readers_.with([&](Reader& reader) { return reader.mail(message_id); });
  }
  std::optional<Share> share(const std::string& token) override {
    return readers_.with([&](Reader& reader) { return reader.share(token); });
  }
  std::optional<Share> share_of(InboxId inbox, const std::string& message, bool masked) override {
    return readers_.with([&](Reader& reader) { return reader.share_of(inbox, message, masked); });
  }
  std::vector<Message> unfinished() override {
    return readers_.with([](Reader& reader) { return reader.unfinished(); });
  }

 private:
  void add(std::unique_ptr<Write> write) {
    if (gathering.store == this) return gathering.unit->push_back(std::move(write));
    Unit unit;
    unit.push_back(std::move(write));
    writer_.add(std::move(unit));
  }

  template <typename Apply, typename Finished>
  void add(Apply apply, Finished finished) {
    add(std::make_unique<SimpleWrite<Apply, Finished>>(std::move(apply), std::move(finished)));
  }

  template <typename Apply>
    requires std::invocable<Apply&, Tables&>
  void add(Apply apply) {
    add(std::move(apply), [](bool) {});
  }

  FolderLock lock_;
  Writer writer_;
  Readers readers_;
  std::atomic<StoryId> last_story_ = 0;
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const std::string& folder) {
  return std::make_unique<SqliteStore>(folder);
}

}  // namespace mailassay::store
