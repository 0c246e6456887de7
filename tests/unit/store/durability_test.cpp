// What survives a kill, a second server, a newer schema, a damaged row and a full disk.
#include "unit/store/temporary_store.h"

#include <csignal>
#include <cstdio>
#include <future>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

namespace mailassay::store {
namespace {

using test::add_inbox;
using test::append;
using test::keep_mail;
using test::message_in;
using test::step;

std::string open_error(const std::string& folder) {
  try {
    open_sqlite_store(folder);
    return "";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

// A child that keeps mails from two threads and writes a line for each that was acknowledged.
pid_t start_mail_keeper(const std::string& folder, InboxId inbox, int acknowledgements) {
  const auto child = ::fork();
  if (child != 0) return child;
  const auto store = open_sqlite_store(folder);
  std::vector<std::thread> threads;
  for (const std::string thread : {"x", "y"})
    threads.emplace_back([&, thread] {
      for (int i = 0;; ++i) {
        const auto id = thread + std::to_string(i);
        store->append(inbox, store->new_story(), id, {step(1, 0), step(2, 1)}, {});
        store->keep_mail(id, "octets of " + id, {message_in(inbox, id)}, [=](bool ok) {
          const auto line = id + "\n";
          if (ok && ::write(acknowledgements, line.data(), line.size()) < 0) ::_exit(1);
        });
        if (i % 50 == 0) store->flush();
      }
    });
  for (auto& thread : threads) thread.join();
  ::_exit(0);
}

// Kills the child once it has acknowledged `enough` mails; the ids of all it had acknowledged by then.
std::set<std::string> kill_after(pid_t child, int acknowledgements, std::size_t enough) {
  std::set<std::string> ids;
  std::string id;
  char c;
  while (::read(acknowledgements, &c, 1) == 1) {
    if (c != '\n') {
      id += c;
      continue;
    }
    ids.insert(std::exchange(id, {}));
    if (ids.size() == enough) ::kill(child, SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return ids;
}

TEST(Durability, WhatWasAcknowledgedSurvivesAKill) {
  const test::TemporaryFolder folder;
  const auto inbox = [&] { return add_inbox(*open_sqlite_store(folder.path()), "a"); }();
  std::set<std::string> acknowledged;
  for (int round = 1; round <= 3; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto child = start_mail_keeper(folder.path(), inbox, ends[1]);
    ::close(ends[1]);
    acknowledged.merge(kill_after(child, ends[0], static_cast<std::size_t>(300 * round)));
    ::close(ends[0]);

    const auto store = open_sqlite_store(folder.path());
    for (const auto& id : acknowledged) {
      ASSERT_EQ(store->mail(id), "octets of " + id);
      ASSERT_EQ(store->message(inbox, id)->state, MessageState::judging);
    }
    const auto events = store->events(inbox, 0, 1000000);
    EXPECT_GE(events.size(), 2 * acknowledged.size());
    for (std::size_t i = 0; i < events.size(); ++i) ASSERT_EQ(events[i].number, i + 1);
    EXPECT_EQ(append(*store, inbox, store->new_story(), {step(1, 0)}), events.size() + 1);
  }
}

TEST(Durability, ASecondServerIsToldWhoHasTheFolder) {
  const test::TemporaryFolder folder;
  const auto store = open_sqlite_store(folder.path());
  EXPECT_EQ(open_error(folder.path()), "data folder " + folder.path() + " is in use by another server (pid " +
                                           std::to_string(::getpid()) +
                                           "); stop it or choose another with --data");
}

TEST(Durability, TheFolderIsFreeAgainAfterwards) {
  const test::TemporaryFolder folder;
  open_sqlite_store(folder.path() + "/made/on/the/way").reset();
  EXPECT_EQ(open_error(folder.path() + "/made/on/the/way"), "");
}

TEST(Durability, AFolderThatCannotBeMadeIsNamed) {
  EXPECT_EQ(open_error("/dev/null/data").substr(0, 43), "data folder /dev/null/data cannot be made: ");
}

TEST(Durability, ANewerDatabaseIsRefused) {
  const test::TemporaryFolder folder;
  open_sqlite_store(folder.path()).reset();
  const auto file = folder.path() + "/mailassay.db";
  SQLite::Database(file, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  EXPECT_EQ(open_error(folder.path()),
            "database " + file +
                " has version 99, this server knows up to 2; run the newer server or choose another folder "
                "with --data");
}

TEST(Durability, AFileThatIsNoDatabaseIsNamed) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() + "/mailassay.db";
  auto* out = std::fopen(file.c_str(), "w");
  std::fputs(std::string(8192, 'x').c_str(), out);
  std::fclose(out);
  EXPECT_EQ(open_error(folder.path()).substr(0, file.size() + 28),
            "database " + file + " cannot be opened: ");
}

TEST(Durability, ADamagedBatchIsAnErrorThatNamesThePlace) {
  const test::TemporaryFolder folder;
  InboxId inbox = 0;
  {
    const auto store = open_sqlite_store(folder.path());
    inbox = add_inbox(*store, "a");
    append(*store, inbox, store->new_story(), {step(1, 0)});
  }
  SQLite::Database(folder.path() + "/mailassay.db", SQLite::OPEN_READWRITE)
      .exec("UPDATE steps SET batch = x'01ff'");
  const auto store = open_sqlite_store(folder.path());
  try {
    store->events(inbox, 0, 10);
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 46), "the journal of inbox 1 is damaged at event 1: ");
  }
}

bool probe(Store& store) {
  std::promise<bool> done;
  store.probe([&](bool ok) { done.set_value(ok); });
  return done.get_future().get();
}

// In a child, whose files may not grow for a while: 0 if the store behaved, else the number of the check.
int write_to_a_full_disk(const std::string& folder) {
  ::signal(SIGXFSZ, SIG_IGN);
  const auto store = open_sqlite_store(folder);
  const auto inbox = add_inbox(*store, "a");
  if (append(*store, inbox, store->new_story(), {step(1, 0)}) != 1) return 1;
  rlimit limit{1U << 20, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  if (keep_mail(*store, "large", std::string(4U << 20, 'x'), {message_in(inbox, "large")})) return 2;
  if (store->mail("large") || store->message(inbox, "large")) return 3;
  limit.rlim_cur = 4096;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  if (probe(*store)) return 6;
  limit.rlim_cur = RLIM_INFINITY;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  if (!probe(*store)) return 7;
  if (!keep_mail(*store, "after", "x", {message_in(inbox, "after")})) return 4;
  if (append(*store, inbox, store->new_story(), {step(1, 0)}) != 2) return 5;
  return 0;
}

TEST(Durability, AFullDiskRefusesMailsAndTheServerGoesOn) {
  const test::TemporaryFolder folder;
  const auto child = ::fork();
  if (child == 0) ::_exit(write_to_a_full_disk(folder.path()));
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace mailassay::store
