// One TXT answer, kept in the cache, read for SPF and for DKIM: a domain may publish both at one name, and
// neither reader may take the other's reading for its own.
#include "evaluation/dkim/key_set.h"
#include "evaluation/spf/policy.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay {
namespace {

constexpr std::string_view kPolicy = "v=spf1 ip4:192.0.2.1 -all";
constexpr std::string_view kKey = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

dns::Answer answer_with(const std::vector<std::string_view>& texts) {
  dns::Answer answer;
  answer.name = "example.com";
  answer.type = dns::Type::TXT;
  answer.status = dns::Status::records;
  for (const auto text : texts) {
    dns::Record record;
    record.owner = answer.name;
    record.type = dns::Type::TXT;
    record.data = std::vector<std::string>{std::string(text)};
    answer.records.push_back(std::move(record));
  }
  return answer;
}

void expect_policy(const spf::PolicyPtr& policy) {
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->texts, std::vector<std::string>{std::string(kPolicy)});
  ASSERT_TRUE(policy->record);
  EXPECT_FALSE(policy->error);
  EXPECT_EQ(policy->record->terms.size(), 2U);
}

void expect_keys(const std::shared_ptr<const dkim::KeySet>& keys) {
  ASSERT_TRUE(keys);
  ASSERT_EQ(keys->candidates.size(), 2U);
  const auto* key = dkim::choose(*keys, dkim::KeyType::ed25519);
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->text, kKey);
  EXPECT_FALSE(key->record.fault);
  EXPECT_EQ(key->bits, 256);
  EXPECT_TRUE(key->key);
}

TEST(KeptAnswer, SpfReadsFirst) {
  const auto answer = answer_with({kPolicy, kKey});
  const auto policy = spf::policy_of(answer);
  expect_policy(policy);
  expect_keys(dkim::keys_of(answer));
  EXPECT_EQ(spf::policy_of(answer), policy);  // the same object: read once
  expect_keys(dkim::keys_of(answer));
  EXPECT_EQ(spf::policy_of(answer), policy);
}

TEST(KeptAnswer, DkimReadsFirst) {
  const auto answer = answer_with({kPolicy, kKey});
  const auto keys = dkim::keys_of(answer);
  expect_keys(keys);
  expect_policy(spf::policy_of(answer));
  EXPECT_EQ(dkim::keys_of(answer), keys);
  expect_policy(spf::policy_of(answer));
  EXPECT_EQ(dkim::keys_of(answer), keys);
}

TEST(KeptAnswer, ACopyOfTheAnswerKeepsTheReading) {
  const auto answer = answer_with({kPolicy, kKey});
  const auto policy = spf::policy_of(answer);
  const dns::Answer copy = answer;  // as the cache hands it on
  EXPECT_EQ(spf::policy_of(copy), policy);
  expect_keys(dkim::keys_of(copy));
}

TEST(KeptAnswer, WhatIsNotThereIsNotReadFromTheOther) {
  const auto only_key = answer_with({kKey});
  expect_keys(dkim::keys_of(answer_with({kPolicy, kKey})));
  EXPECT_NE(dkim::choose(*dkim::keys_of(only_key), dkim::KeyType::ed25519), nullptr);
  EXPECT_TRUE(spf::policy_of(only_key)->texts.empty());
  const auto only_policy = answer_with({kPolicy});
  expect_policy(spf::policy_of(only_policy));
  const auto* none = dkim::choose(*dkim::keys_of(only_policy), dkim::KeyType::ed25519);
  EXPECT_TRUE(none == nullptr || none->record.fault);
}

}  // namespace
}  // namespace mailassay
