#include "store/readers.h"

#include "store/schema.h"
#include "store/tables.h"
#include "trace/codec.h"

#include <algorithm>
#include <stdexcept>

namespace mailassay::store {
namespace {

constexpr std::size_t kIdleReaders = 32;

#define MAILASSAY_SHARE_COLUMNS "SELECT token, inbox, message, masked, created_at FROM shares "
#define MAILASSAY_MESSAGE_COLUMNS                                                                         \
  "SELECT id, inbox, state, received_at, bytes, sender, subject, spf, dkim, dmarc, started, connection, " \
  "report, attempts FROM messages "

// From the batch that holds the number after ?2.
constexpr auto kEvents =
    "SELECT key, message, batch FROM steps WHERE key >= coalesce((SELECT max(key) FROM steps WHERE key >= ?1 "
    "AND key <= ?2), ?1) AND key < ?3 ORDER BY key";

Inbox to_inbox(SQLite::Statement& row) {
  Inbox inbox;
  inbox.id = row.getColumn(0).getInt64();
  inbox.local_part = row.getColumn(1).getString();
  inbox.token = row.getColumn(2).getString();
  inbox.created_at = to_time(row.getColumn(3).getInt64());
  inbox.expires_at = to_time(row.getColumn(4).getInt64());
  if (!row.getColumn(5).isNull()) inbox.assume_ip = row.getColumn(5).getString();
  return inbox;
}

Message to_message(SQLite::Statement& row) {
  Message message;
  message.id = row.getColumn(0).getString();
  message.inbox = row.getColumn(1).getInt64();
  message.state = static_cast<MessageState>(std::clamp(row.getColumn(2).getInt(), 0, 3));
  message.received_at = to_time(row.getColumn(3).getInt64());
  message.bytes = static_cast<std::uint64_t>(row.getColumn(4).getInt64());
  message.from = row.getColumn(5).getString();
  message.subject = row.getColumn(6).getString();
  message.spf = row.getColumn(7).getString();
  message.dkim = row.getColumn(8).getString();
  message.dmarc = row.getColumn(9).getString();
  message.started = static_cast<JournalNumber>(row.getColumn(10).getInt64());
  message.connection = row.getColumn(11).getString();
  message.report = row.getColumn(12).getString();
  message.attempts = row.getColumn(13).getInt();
  return message;
}

Share to_share(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), row.getColumn(1).getInt64(), row.getColumn(2).getString(),
          row.getColumn(3).getInt() != 0, to_time(row.getColumn(4).getInt64())};
}

Event to_event(trace::DecodedStep step, const std::string& message) {
  return {step.number, step.parent, message, step.at, step.phase, std::move(step.kind), std::move(step.data)};
}

}  // namespace

Reader::Reader(const std::string& path)
    : database_(open_for_reading(path)),
      inboxes_(database_, "SELECT id, local_part, token, created_at, expires_at, assume_ip FROM inboxes"),
      events_(database_, kEvents),
      last_(database_,
            "SELECT (key & 4294967295) + count - 1 FROM steps WHERE key >= ? AND key < ? "
            "ORDER BY key DESC LIMIT 1"),
      messages_(database_, MAILASSAY_MESSAGE_COLUMNS "WHERE inbox = ? ORDER BY row"),
      count_(database_, "SELECT count(*) FROM messages WHERE inbox = ?"),
      message_(database_, MAILASSAY_MESSAGE_COLUMNS "WHERE id = ? AND inbox = ?"),
      mail_(database_, "SELECT octets FROM mails WHERE id = ?"),
      unfinished_(database_, MAILASSAY_MESSAGE_COLUMNS "WHERE state < 2 ORDER BY row"),
      share_(database_, MAILASSAY_SHARE_COLUMNS "WHERE token = ?"),
      share_of_(database_, MAILASSAY_SHARE_COLUMNS "WHERE inbox = ? AND message = ? AND masked = ?") {}

std::vector<Inbox> Reader::inboxes() {
  std::vector<Inbox> inboxes;
  inboxes_.each([&](SQLite::Statement& row) { inboxes.push_back(to_inbox(row)); });
  return inboxes;
}

std::vector<Event> Reader::events(InboxId inbox, JournalNumber after, std::size_t limit) {
  std::vector<Event> events;
  if (after >= 0xffffffff) return events;
  const auto add_batch = [&](SQLite::Statement& row) {
    if (events.size() >= limit) return;
    const auto first = static_cast<JournalNumber>(row.getColumn(0).getInt64() & 0xffffffff);
    const auto message = row.getColumn(1).getString();
    const auto batch = row.getColumn(2);
    auto steps = trace::decode(
        {static_cast<const char*>(batch.getBlob()), static_cast<std::size_t>(batch.getBytes())}, first);
    if (!steps)
      throw std::runtime_error("the journal of inbox " + std::to_string(inbox) + " is damaged at event " +
                               std::to_string(first) + ": " + steps.error().message);
    for (auto& step : *steps)
      if (step.number > after && events.size() < limit) events.push_back(to_event(std::move(step), message));
  };
  events_.each(add_batch, steps_key(inbox, 0), steps_key(inbox, after + 1), steps_key(inbox + 1, 0));
  return events;
}

JournalNumber Reader::last_number(InboxId inbox) {
  JournalNumber last = 0;
  last_.each([&](SQLite::Statement& row) { last = static_cast<JournalNumber>(row.getColumn(0).getInt64()); },
             steps_key(inbox, 0), steps_key(inbox + 1, 0));
  return last;
}

std::vector<Message> Reader::messages(InboxId inbox) {
  std::vector<Message> messages;
  messages_.each([&](SQLite::Statement& row) { messages.push_back(to_message(row)); }, inbox);
  return messages;
}

std::size_t Reader::message_count(InboxId inbox) {
  std::size_t count = 0;
  count_.each([&](SQLite::Statement& row) { count = static_cast<std::size_t>(row.getColumn(0).getInt64()); },
              inbox);
  return count;
}

std::optional<Message> Reader::message(InboxId inbox, const std::string& id) {
  std::optional<Message> message;
  message_.each([&](SQLite::Statement& row) { message = to_message(row); }, id, inbox);
  return message;
}

std::optional<std::string> Reader::mail(const std::string& message_id) {
  std::optional<std::string> mail;
  mail_.each([&](SQLite::Statement& row) { mail = row.getColumn(0).getString(); }, message_id);
  return mail;
}

std::vector<Message> Reader::unfinished() {
  std::vector<Message> messages;
  unfinished_.each([&](SQLite::Statement& row) { messages.push_back(to_message(row)); });
  return messages;
}

std::optional<Share> Reader::share(const std::string& token) {
  std::optional<Share> share;
  share_.each([&](SQLite::Statement& row) { share = to_share(row); }, token);
  return share;
}

std::optional<Share> Reader::share_of(InboxId inbox, const std::string& message, bool masked) {
  std::optional<Share> share;
  share_of_.each([&](SQLite::Statement& row) { share = to_share(row); }, inbox, message,
                 static_cast<std::int64_t>(masked));
  return share;
}

std::unique_ptr<Reader> Readers::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  return std::make_unique<Reader>(path_);
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleReaders) idle_.push_back(std::move(reader));
}

}  // namespace mailassay::store
