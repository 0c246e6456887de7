// What is kept: inboxes, mails, messages (a mail in an inbox), steps. Rows only: who judges or watches is
// above.
//
// Writes are asynchronous and kept in the order they were asked; they may be asked from any thread, and a
// completion runs on the writer's thread, so post from it. Reads block and may run on any thread.
#pragma once

#include "trace/codec.h"
#include "trace/step.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace mailassay::store {

using JournalNumber = std::uint64_t;  // of an event in its inbox, from 1 without gaps
using InboxId = std::int64_t;

struct Inbox {
  InboxId id = 0;
  std::string local_part;  // "ld-…", lower-case
  std::string token;       // 128 random bits; alone can watch
  trace::TimePoint created_at;
  trace::TimePoint expires_at;
  std::optional<std::string> assume_ip;
};

enum class MessageState { receiving, judging, judged, aborted };
std::string_view to_string(MessageState state);

// A mail in one inbox. The mail's octets are kept once, however many inboxes got it.
struct Message {
  std::string id;  // unguessable; the same in each inbox that got the mail
  InboxId inbox = 0;
  MessageState state = MessageState::receiving;
  trace::TimePoint received_at;
  std::uint64_t bytes = 0;
  std::string from, subject;     // known when judged
  std::string spf, dkim, dmarc;  // result words, empty until judged; dkim: the best one
  JournalNumber started = 0;     // its "message.started" event
  std::string connection;  // JSON: what an evaluation after a restart needs (ip, helo, envelope, this inbox's
                           // rcpt_to)
  std::string report;      // JSON, empty until judged
  int attempts = 0;        // evaluations started
};

// An event as it is kept.
struct Event {
  JournalNumber number = 0;
  JournalNumber parent = 0;  // 0: a root
  std::string message;       // empty: not of a message
  trace::TimePoint at;
  trace::Phase phase = trace::Phase::connection;
  std::string kind;
  boost::json::object data;
};

// A link to one message's story, for whoever has it.
struct Share {
  std::string token;  // 128 random bits
  InboxId inbox = 0;
  std::string message;
  bool masked = true;
  trace::TimePoint created_at;
};

// A story is one emitter of local step numbers (an SMTP connection, one evaluation after a restart). The
// store maps them to journal numbers, per inbox, until the story ends.
using StoryId = std::uint64_t;

class Store {
 public:
  using Done = std::function<void(bool ok)>;
  virtual ~Store() = default;

  // --- writes
  virtual StoryId new_story() = 0;
  // Makes local number `local` of the story mean the event `number` that is already in the inbox's journal.
  virtual void map_step(InboxId inbox, StoryId story, trace::Number local, JournalNumber number) = 0;
  // Appends steps of one message (or of none) to an inbox; parents are mapped; unknown ones become roots.
  // `first` (may be empty) gets the journal number of the first step, 0 if the inbox is gone.
  virtual void append(InboxId inbox, StoryId story, std::string message, trace::Batch steps,
                      std::function<void(JournalNumber first)> first) = 0;
  virtual void end_story(StoryId story) = 0;

  virtual void add_inbox(Inbox inbox, std::function<void(InboxId)> added) = 0;
  virtual void renew_inbox(InboxId inbox, trace::TimePoint expires_at) = 0;
  // Forgets it with its steps, messages, and the mails that no other inbox has.
  virtual void remove_inbox(InboxId inbox, Done done) = 0;

  // What `writes` asks of this store on this thread is committed together or not at all.
  virtual void together(const std::function<void()>& writes) { writes(); }

  // A message began (MAIL accepted, first RCPT of that inbox). Rows of several inboxes may share an id.
  virtual void add_message(Message message) = 0;
  // The same; message.started becomes the journal number of that step, which was appended before.
  virtual void add_message(Message message, StoryId /*story*/, trace::Number /*started*/) {
    add_message(std::move(message));
  }
  // The mail is whole: keeps its octets and moves its messages to judging, durably, before done(true).
  // done(false): nothing of it is kept (disk full, too much waiting to be written).
  virtual void keep_mail(std::string message_id, std::string octets, std::vector<Message> messages,
                         Done done) = 0;
  // The report, the result words, state judged. Ask for it together() with the append of the verdict.
  virtual void set_judged(Message message) = 0;
  virtual void set_aborted(InboxId inbox, std::string message_id) = 0;
  virtual void count_attempt(InboxId inbox, std::string message_id) = 0;

  // Kept unless the message has a share of that kind already (see share_of); it goes with its inbox.
  virtual void add_share(Share share, Done done) = 0;

  // Writes a page that means nothing: done(true) once it is on disk.
  virtual void probe(Done done) { done(true); }

  // Told after each commit: the inbox and its last number. From the writer's thread; set once, before any
  // write.
  virtual void watch(std::function<void(InboxId, JournalNumber last)> watcher) = 0;
  // Blocks until all that was asked before is on disk.
  virtual void flush() = 0;

  // --- reads
  virtual std::vector<Inbox> inboxes() = 0;
  // Events after `after`, at most `limit`, in order.
  virtual std::vector<Event> events(InboxId inbox, JournalNumber after, std::size_t limit) = 0;
  virtual JournalNumber last_number(InboxId inbox) = 0;
  virtual std::vector<Message> messages(InboxId inbox) = 0;  // oldest first
  virtual std::size_t message_count(InboxId inbox) { return messages(inbox).size(); }
  virtual std::optional<Message> message(InboxId inbox, const std::string& id) = 0;
  virtual std::optional<std::string> mail(const std::string& message_id) = 0;
  virtual std::optional<Share> share(const std::string& token) = 0;
  virtual std::optional<Share> share_of(InboxId inbox, const std::string& message, bool masked) = 0;
  // Messages not judged and not aborted, over all inboxes (for a restart).
  virtual std::vector<Message> unfinished() = 0;
};

// SQLite in `folder` (made if absent, locked against a second server). Throws std::runtime_error with one
// clear line.
std::unique_ptr<Store> open_sqlite_store(const std::string& folder);

}  // namespace mailassay::store
