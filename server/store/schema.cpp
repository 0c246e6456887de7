#include "store/schema.h"

#include <array>
#include <sqlite3.h>
#include <stdexcept>

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

namespace mailassay::store {
namespace {

constexpr int kBusyMilliseconds = 10000;

// Migration i leads from version i to i + 1. Never change one that was released: add another.
constexpr std::array kMigrations{
    R"sql(
CREATE TABLE inboxes(
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: viewers hold it
  local_part TEXT NOT NULL UNIQUE,
  token TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,           -- times are microseconds since 1970
  expires_at INTEGER NOT NULL,
  assume_ip TEXT
);
CREATE TABLE messages(
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  inbox INTEGER NOT NULL,
  state INTEGER NOT NULL,                -- 0 receiving, 1 judging, 2 judged, 3 aborted
  received_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sender TEXT NOT NULL,
  subject TEXT NOT NULL,
  spf TEXT NOT NULL,
  dkim TEXT NOT NULL,
  dmarc TEXT NOT NULL,
  started INTEGER NOT NULL,
  connection TEXT NOT NULL,
  report TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  UNIQUE(id, inbox)
);
CREATE INDEX messages_of_inbox ON messages(inbox);
CREATE INDEX messages_unfinished ON messages(state) WHERE state < 2;
CREATE TABLE mails(
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,               -- of the messages that share it
  octets BLOB NOT NULL
);
CREATE TABLE steps(
  key INTEGER PRIMARY KEY,               -- inbox << 32 | number of the first step
  count INTEGER NOT NULL,
  message TEXT NOT NULL,
  batch BLOB NOT NULL                    -- trace/codec.h
);
)sql",
    R"sql(
CREATE TABLE shares(
  token TEXT PRIMARY KEY,
  inbox INTEGER NOT NULL,
  message TEXT NOT NULL,
  masked INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE(inbox, message, masked)         -- a message has one link of each kind, however often it is shared
) WITHOUT ROWID;
)sql"};

int version_of(SQLite::Database& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

void migrate(SQLite::Database& database, const std::string& path) {
  const auto newest = static_cast<int>(kMigrations.size());
  const auto version = version_of(database);
  if (version > newest)
    throw std::runtime_error("database " + path + " has version " + std::to_string(version) +
                             ", this server knows up to " + std::to_string(newest) +
                             "; run the newer server or choose another folder with --data");
  for (auto i = version; i < newest; ++i) {
    SQLite::Transaction transaction(database);
    database.exec(kMigrations[static_cast<std::size_t>(i)]);
    database.exec("PRAGMA user_version = " + std::to_string(i + 1));
    transaction.commit();
  }
}

}  // namespace

SQLite::Database open_for_writing(const std::string& path) {
  try {
    SQLite::Database database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX,
                              kBusyMilliseconds);
    database.exec("PRAGMA page_size = 8192");  // of a new file: a usual mail fits in one page
    database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");  // with NORMAL a 250 would lie after a power cut
    database.exec("PRAGMA cache_size = -16000");
    database.exec("PRAGMA wal_autocheckpoint = 4000");  // 32 MB: pages written often are copied less often
    database.exec("PRAGMA journal_size_limit = 67108864");
    migrate(database, path);
    return database;
  } catch (const SQLite::Exception& error) {
    throw std::runtime_error("database " + path + " cannot be opened: " + error.what());
  }
}

SQLite::Database open_for_reading(const std::string& path) {
  SQLite::Database database(path, SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, kBusyMilliseconds);
  database.exec("PRAGMA cache_size = -4000");
  return database;
}

}  // namespace mailassay::store
