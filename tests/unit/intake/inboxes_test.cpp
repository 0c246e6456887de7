#include "intake/inboxes.h"

#include "intake/random_text.h"
#include "unit/store/temporary_store.h"

#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace mailassay::intake {
namespace {

using namespace std::chrono_literals;

struct InboxesTest : testing::Test {
  test::TemporaryFolder folder;
  std::unique_ptr<store::Store> store = store::open_sqlite_store(folder.path());
};

TEST_F(InboxesTest, AnAddressCanBeReadOutAndATokenCannotBeGuessed) {
  std::set<std::string> seen;
  const std::regex address("ld-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{5}");
  const std::regex token("[A-Za-z0-9_-]{22}");
  for (int i = 0; i < 1000; ++i) {
    const auto local_part = random_local_part();
    EXPECT_TRUE(std::regex_match(local_part, address)) << local_part;
    EXPECT_TRUE(seen.insert(local_part).second);
    const auto text = random_token();
    EXPECT_NE(text.front(), '-');  // wait TOKEN would read it as a flag
    EXPECT_TRUE(std::regex_match(text, token)) << text;
    EXPECT_TRUE(seen.insert(text).second);
  }
}

// The store's indexes then grow at their end.
TEST(MailId, IdsSortAsTheirTimesAndDifferAtOneTime) {
  using std::chrono::microseconds;
  const std::chrono::system_clock::time_point now{microseconds(1'795'543'200'123'456)};
  std::string last = mail_id({});
  for (const auto at :
       {now - std::chrono::hours(24 * 365), now, now + microseconds(1), now + microseconds(31)}) {
    const auto id = mail_id(at);
    EXPECT_LT(last, id);
    EXPECT_EQ(id.size(), 17U);
    EXPECT_EQ(id.find_first_not_of("23456789abcdefghjkmnpqrstuvwxyz"), std::string::npos) << id;
    last = id;
  }
  EXPECT_NE(mail_id(now), mail_id(now));
  EXPECT_EQ(mail_id(now).substr(0, 11), mail_id(now).substr(0, 11));
}

TEST_F(InboxesTest, AreFoundByAddressWithoutCaseAndByToken) {
  Inboxes inboxes(*store, 1h);
  const auto inbox = inboxes.create(net::IpAddress::parse("192.0.2.9"));
  std::string upper = inbox.local_part;
  for (auto& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(inboxes.by_local_part(upper)->id, inbox.id);
  EXPECT_EQ(inboxes.by_token(inbox.token)->assume_ip, "192.0.2.9");
  EXPECT_EQ(inboxes.by_token(inbox.local_part), std::nullopt) << "an address cannot watch";
  EXPECT_EQ(inboxes.by_id(inbox.id)->token, inbox.token);
  EXPECT_EQ(inboxes.by_id(inbox.id + 1), std::nullopt);
  EXPECT_EQ(inboxes.by_local_part("ld-unknown"), std::nullopt);
  EXPECT_EQ(inboxes.size(), 1U);
}

TEST_F(InboxesTest, AreOnDiskBeforeTheyAreReturned) {
  const auto token = Inboxes(*store, 1h).create(std::nullopt).token;
  store.reset();
  store = store::open_sqlite_store(folder.path());
  EXPECT_TRUE(Inboxes(*store, 1h).by_token(token).has_value());
}

TEST_F(InboxesTest, ExpireAndAreSwept) {
  Inboxes inboxes(*store, 0s);
  const auto inbox = inboxes.create(std::nullopt);
  std::vector<store::InboxId> gone;
  inboxes.on_gone([&](store::InboxId id) { gone.push_back(id); });
  EXPECT_EQ(inboxes.by_token(inbox.token), std::nullopt);
  EXPECT_EQ(inboxes.by_id(inbox.id), std::nullopt);
  EXPECT_EQ(inboxes.size(), 1U);
  inboxes.sweep();
  EXPECT_EQ(inboxes.size(), 0U);
  EXPECT_EQ(gone, std::vector{inbox.id});
  store->flush();
  EXPECT_TRUE(store->inboxes().empty());
}

TEST_F(InboxesTest, ARenewalLastsAcrossARestart) {
  const auto inbox = Inboxes(*store, 1s).create(std::nullopt);
  Inboxes inboxes(*store, 24h);
  inboxes.renew(inbox.id);
  EXPECT_GT(inboxes.by_token(inbox.token)->expires_at, inbox.expires_at + 23h);
  store->flush();
  EXPECT_GT(store->inboxes().front().expires_at, inbox.expires_at + 23h);
}

TEST_F(InboxesTest, ARemovedOneIsForgottenAtOnce) {
  Inboxes inboxes(*store, 1h);
  const auto inbox = inboxes.create(std::nullopt);
  EXPECT_TRUE(inboxes.remove(inbox.token));
  EXPECT_FALSE(inboxes.remove(inbox.token));
  EXPECT_EQ(inboxes.by_local_part(inbox.local_part), std::nullopt);
  inboxes.renew(inbox.id);
  EXPECT_FALSE(inboxes.admit(inbox.id, 1000));
}

TEST_F(InboxesTest, CountTheirMailsAlsoAfterARestart) {
  const auto inbox = Inboxes(*store, 1h).create(std::nullopt);
  store->add_message(test::message_in(inbox.id, "m"));
  store->flush();
  Inboxes inboxes(*store, 1h);
  EXPECT_TRUE(inboxes.admit(inbox.id, 2));
  EXPECT_FALSE(inboxes.admit(inbox.id, 2));
}

}  // namespace
}  // namespace mailassay::intake
