#include "store/tables.h"

namespace mailassay::store {
namespace {

constexpr auto kLoadNumbers =
    "SELECT id, (SELECT (key & 4294967295) + count - 1 FROM steps "
    "WHERE key >= inboxes.id << 32 AND key < (inboxes.id + 1) << 32 ORDER BY key DESC LIMIT 1) FROM inboxes";

constexpr auto kPutMessage =
    "INSERT INTO messages(id, inbox, state, received_at, bytes, sender, subject, spf, dkim, dmarc, started, "
    "connection, report, attempts) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, '', '', '', ?8, ?9, '', ?10) "
    "ON CONFLICT(id, inbox) DO UPDATE SET state = ?3, received_at = ?4, bytes = ?5, sender = ?6, subject = "
    "?7, "
    "started = max(started, ?8), connection = ?9, attempts = ?10";

// The mails of an inbox that is going, unless another inbox has them too.
constexpr auto kRemoveMails =
    "DELETE FROM mails WHERE id IN (SELECT id FROM messages WHERE inbox = ?1) AND NOT EXISTS "
    "(SELECT 1 FROM messages WHERE messages.id = mails.id AND messages.inbox <> ?1)";

constexpr auto kJudged =
    "UPDATE messages SET state = 2, sender = ?3, subject = ?4, spf = ?5, dkim = ?6, dmarc = ?7, report = ?8 "
    "WHERE id = ?1 AND inbox = ?2";

}  // namespace

Tables::Tables(SQLite::Database& database)
    : database_(database),
      append_(database, "INSERT INTO steps(key, count, message, batch) VALUES(?, ?, ?, ?)"),
      add_inbox_(database,
                 "INSERT INTO inboxes(local_part, token, created_at, expires_at, assume_ip) "
                 "VALUES(?, ?, ?, ?, ?)"),
      renew_inbox_(database, "UPDATE inboxes SET expires_at = ?2 WHERE id = ?1"),
      remove_inbox_(database, "DELETE FROM inboxes WHERE id = ?"),
      remove_steps_(database, "DELETE FROM steps WHERE key >= ? AND key < ?"),
      remove_mails_(database, kRemoveMails),
      remove_messages_(database, "DELETE FROM messages WHERE inbox = ?"),
      remove_shares_(database, "DELETE FROM shares WHERE inbox = ?"),
      put_message_(database, kPutMessage),
      keep_mail_(database, "INSERT OR REPLACE INTO mails(id, octets) VALUES(?, ?)"),
      judged_(database, kJudged),
      aborted_(database, "UPDATE messages SET state = 3 WHERE id = ?1 AND inbox = ?2 AND state < 2"),
      attempt_(database, "UPDATE messages SET attempts = attempts + 1 WHERE id = ?1 AND inbox = ?2"),
      add_share_(database,
                 "INSERT INTO shares(token, inbox, message, masked, created_at) VALUES(?, ?, ?, ?, ?) "
                 "ON CONFLICT(inbox, message, masked) DO NOTHING") {
  Statement numbers(database, kLoadNumbers);
  numbers.each([&](SQLite::Statement& row) {
    numbering_.load(row.getColumn(0).getInt64(), static_cast<JournalNumber>(row.getColumn(1).getInt64()));
  });
}

JournalNumber Tables::append(InboxId inbox, StoryId story, const std::string& message,
                             const trace::Batch& steps) {
  const auto first = numbering_.take(inbox, steps.size());
  if (first == 0 || steps.size() == 0) return 0;
  parents_.clear();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto [number, parent] = steps.place(i);
    parents_.push_back(numbering_.mapped(inbox, story, parent));
    numbering_.map(inbox, story, number, first + i);
  }
  batch_.clear();
  steps.write(parents_, first, &batch_);
  append_.run(steps_key(inbox, first), static_cast<std::int64_t>(steps.size()), message, Blob{batch_});
  return first;
}

InboxId Tables::add_inbox(const Inbox& inbox) {
  add_inbox_.run(inbox.local_part, inbox.token, to_column(inbox.created_at), to_column(inbox.expires_at),
                 inbox.assume_ip);
  const auto id = database_.getLastInsertRowid();
  numbering_.add_inbox(id);
  return id;
}

void Tables::renew_inbox(InboxId inbox, trace::TimePoint expires_at) {
  renew_inbox_.run(inbox, to_column(expires_at));
}

void Tables::remove_inbox(InboxId inbox) {
  remove_mails_.run(inbox);
  remove_messages_.run(inbox);
  remove_shares_.run(inbox);
  remove_steps_.run(steps_key(inbox, 0), steps_key(inbox + 1, 0));
  remove_inbox_.run(inbox);
  numbering_.remove_inbox(inbox);
}

void Tables::put_message(const Message& message, MessageState state) {
  put_message_.run(message.id, message.inbox, static_cast<std::int64_t>(state),
                   to_column(message.received_at), static_cast<std::int64_t>(message.bytes), message.from,
                   message.subject, static_cast<std::int64_t>(message.started), message.connection,
                   static_cast<std::int64_t>(message.attempts));
}

void Tables::add_message(const Message& message) {
  if (numbering_.has(message.inbox)) put_message(message, message.state);
}

void Tables::keep_mail(const std::string& id, std::string_view octets, std::span<const Message> messages) {
  bool wanted = false;
  for (const auto& message : messages) {
    if (!numbering_.has(message.inbox)) continue;  // removed while the mail was arriving
    wanted = true;
    put_message(message, MessageState::judging);
  }
  if (wanted) keep_mail_.run(id, Blob{octets});
}

void Tables::set_judged(const Message& message) {
  judged_.run(message.id, message.inbox, message.from, message.subject, message.spf, message.dkim,
              message.dmarc, message.report);
}

void Tables::set_aborted(InboxId inbox, const std::string& message_id) {
  aborted_.run(message_id, inbox);
}

void Tables::touch() {
  const auto version = database_.execAndGet("PRAGMA user_version").getInt();
  database_.exec("PRAGMA user_version = " + std::to_string(version));
}

void Tables::count_attempt(InboxId inbox, const std::string& message_id) {
  attempt_.run(message_id, inbox);
}

void Tables::add_share(const Share& share) {
  if (!numbering_.has(share.inbox)) return;  // removed meanwhile
  add_share_.run(share.token, share.inbox, share.message, static_cast<std::int64_t>(share.masked),
                 to_column(share.created_at));
}

}  // namespace mailassay::store
