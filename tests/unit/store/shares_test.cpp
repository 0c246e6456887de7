#include "store/schema.h"
#include "unit/store/temporary_store.h"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

namespace mailassay::store {
namespace {

using test::add_inbox;
using test::at_seconds;

struct Shares : testing::Test {
  test::TemporaryFolder folder;
  std::unique_ptr<Store> store = open_sqlite_store(folder.path());

  bool add(Share share) {
    std::promise<bool> done;
    store->add_share(std::move(share), [&](bool ok) { done.set_value(ok); });
    return done.get_future().get();
  }
};

TEST_F(Shares, ComeBackAsTheyWereGiven) {
  const auto inbox = add_inbox(*store, "a");
  ASSERT_TRUE(add({"t1", inbox, "m", true, at_seconds(1500)}));
  ASSERT_TRUE(add({"t2", inbox, "m", false, at_seconds(1501)}));
  store.reset();
  store = open_sqlite_store(folder.path());
  const auto share = store->share("t1").value();
  EXPECT_EQ(share.token, "t1");
  EXPECT_EQ(share.inbox, inbox);
  EXPECT_EQ(share.message, "m");
  EXPECT_TRUE(share.masked);
  EXPECT_EQ(share.created_at, at_seconds(1500));
  EXPECT_FALSE(store->share("t2")->masked);
  EXPECT_FALSE(store->share("T1")) << "tokens are exact";
}

TEST_F(Shares, AMessageHasOneOfEachKind) {
  const auto inbox = add_inbox(*store, "a");
  add({"t1", inbox, "m", true, at_seconds(1500)});
  EXPECT_TRUE(add({"t2", inbox, "m", true, at_seconds(1501)}));
  EXPECT_FALSE(store->share("t2"));
  EXPECT_EQ(store->share_of(inbox, "m", true)->token, "t1");
  EXPECT_FALSE(store->share_of(inbox, "m", false));
  EXPECT_FALSE(store->share_of(inbox, "other", true));
}

TEST_F(Shares, GoWithTheirInboxAlone) {
  const auto a = add_inbox(*store, "a");
  const auto b = add_inbox(*store, "b");
  add({"of-a", a, "m", true, at_seconds(1500)});
  add({"of-b", b, "m", true, at_seconds(1500)});
  store->remove_inbox(a, {});
  EXPECT_TRUE(add({"late", a, "m", true, at_seconds(1500)}));
  EXPECT_FALSE(store->share("of-a"));
  EXPECT_FALSE(store->share("late")) << "nothing would ever remove it";
  EXPECT_TRUE(store->share("of-b"));
}

TEST_F(Shares, ADatabaseOfTheFirstVersionGetsTheTable) {
  const auto inbox = add_inbox(*store, "a");
  store.reset();
  {
    SQLite::Database database(folder.path() + "/mailassay.db", SQLite::OPEN_READWRITE);
    database.exec("DROP TABLE shares");
    database.exec("PRAGMA user_version = 1");
  }
  store = open_sqlite_store(folder.path());
  EXPECT_EQ(store->inboxes().size(), 1U);
  EXPECT_TRUE(add({"t", inbox, "m", true, at_seconds(1500)}));
  EXPECT_TRUE(store->share("t"));
}

}  // namespace
}  // namespace mailassay::store
