#include "trace/codec.h"

#include "trace/json.h"

#include <limits>
#include <random>
#include <rapidcheck.h>

#include <gtest/gtest.h>

namespace mailassay::trace {
namespace {

using namespace std::string_literals;

std::string encoded(const std::vector<Step>& steps, const std::vector<BatchNumber>& parents = {},
                    BatchNumber first = 1) {
  std::string blob;
  Batch(steps).write(parents, first, &blob);
  return blob;
}

TimePoint at_micros(std::int64_t micros) {
  return TimePoint(std::chrono::microseconds(micros));
}

Step step_with(Facts facts) {
  return {1, 0, at_micros(0), Phase::spf, "spf.mechanism", std::move(facts)};
}

Value arbitrary_value(int depth) {
  switch (*rc::gen::inRange(0, depth > 3 ? 5 : 7)) {
    case 0:
      return nullptr;
    case 1:
      return *rc::gen::arbitrary<bool>();
    case 2:
      return *rc::gen::arbitrary<std::int64_t>();
    case 3:
      return *rc::gen::arbitrary<double>();
    case 4:
      return *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    case 5: {
      List list;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) list.push_back(arbitrary_value(depth + 1));
      return list;
    }
    default:
      return Facts{{"inner", arbitrary_value(depth + 1)}, {"other", arbitrary_value(depth + 1)}};
  }
}

Step arbitrary_step() {
  static constexpr std::string_view kinds[] = {"spf.record", "spf.mechanism", "dns.answer", "dkim.key"};
  Step step;
  step.at = at_micros(*rc::gen::inRange<std::int64_t>(-4'000'000'000'000'000, 4'000'000'000'000'000));
  step.phase = static_cast<Phase>(*rc::gen::inRange(0, 10));
  step.kind = kinds[*rc::gen::inRange(0, 4)];
  step.data = {{"text", arbitrary_value(0)}, {"rfc", "7208 5"}, {"list", arbitrary_value(0)}};
  return step;
}

TEST(Codec, EveryStepComesBackAsItsJson) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Step> steps;
    std::vector<BatchNumber> parents;
    const auto first = *rc::gen::inRange<BatchNumber>(1, 1'000'000'000);
    for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
      steps.push_back(arbitrary_step());
      parents.push_back(*rc::gen::inRange<BatchNumber>(0, first + parents.size()));
    }
    const auto decoded = decode(encoded(steps, parents, first), first);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->size() == steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto& step = (*decoded)[i];
      RC_ASSERT(step.number == first + i);
      RC_ASSERT(step.parent == parents[i]);
      RC_ASSERT(step.at == steps[i].at);
      RC_ASSERT(step.phase == steps[i].phase);
      RC_ASSERT(step.kind == steps[i].kind);
      RC_ASSERT(boost::json::serialize(step.data) == boost::json::serialize(to_json(steps[i].data)));
    }
  }));
}

// As the steps of several inboxes come on one thread.
TEST(Codec, BatchesThatGrowByTurnsAndCopiesKeepTheirNames) {
  Batch one({step_with({{"first", 1}})});
  Batch other({step_with({{"second", 2}, {"first", 3}})});
  Batch copy = one;
  const auto grow = [](Batch& batch, Facts facts) { batch.add(step_with(std::move(facts))); };
  grow(one, {{"second", 4}});
  grow(copy, {{"third", 5}, {"first", 6}});
  grow(other, {{"third", 7}, {"second", 8}});
  grow(one, {{"third", 9}, {"second", 10}});
  const auto data = [](const Batch& batch) {
    std::string blob;
    batch.write({}, 1, &blob);
    std::string text;
    const auto decoded = decode(blob, 1);
    for (const auto& step : *decoded) text += boost::json::serialize(step.data);
    return text;
  };
  EXPECT_EQ(data(one), R"({"first":1}{"second":4}{"third":9,"second":10})");
  EXPECT_EQ(data(copy), R"({"first":1}{"third":5,"first":6})");
  EXPECT_EQ(data(other), R"({"second":2,"first":3}{"third":7,"second":8})");
}

TEST(Codec, ABatchHasEachNameOnceHoweverManyGrowBesideIt) {
  Batch batches[40];
  for (int i = 0; i < 20; ++i)
    for (auto& batch : batches) batch.add(step_with({{"first", i}, {"second", i}, {"third", i}}));
  Batch alone;
  for (int i = 0; i < 20; ++i) alone.add(step_with({{"first", i}, {"second", i}, {"third", i}}));
  std::string expected;
  alone.write({}, 1, &expected);
  for (const auto& batch : batches) {
    std::string blob;
    batch.write({}, 1, &blob);
    EXPECT_EQ(blob, expected);
  }
}

TEST(NameTable, GrowsWithItsNamesAndKeepsTheirPlaces) {
  const std::string text(2000, 'x');  // names of one octet at places of their own
  const auto name = [&](std::size_t i) { return std::string_view(text).substr(i, 1); };
  NameTable table;
  for (int round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < text.size(); ++i) ASSERT_EQ(table.index_of(name(i)), i);
  EXPECT_EQ(table.names().size(), text.size());
  EXPECT_EQ(table.index_of(std::string_view(text).substr(0, 2)), text.size())
      << "the same place, another name";
}

TEST(Codec, InvalidUtf8IsReplacedWhenRead) {
  const auto decoded = decode(encoded({step_with({{"text", "a\xff\0z"s}})}), 1);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->front().data.at("text").as_string(), "a\xEF\xBF\xBD\0z"s);
}

TEST(Codec, NumbersThatJsonCannotSayAreNull) {
  const auto decoded = decode(encoded({step_with({{"nan", std::numeric_limits<double>::quiet_NaN()},
                                                  {"inf", std::numeric_limits<double>::infinity()}})}),
                              1);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(boost::json::serialize(decoded->front().data), R"({"nan":null,"inf":null})");
}

TEST(Codec, ExtremeIntegersSurvive) {
  const auto decoded = decode(encoded({step_with({{"least", std::numeric_limits<std::int64_t>::min()},
                                                  {"most", std::numeric_limits<std::int64_t>::max()}})}),
                              1);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(boost::json::serialize(decoded->front().data),
            R"({"least":-9223372036854775808,"most":9223372036854775807})");
}

TEST(Codec, ParentsThatAreNotEarlierBecomeRoots) {
  const std::vector<Step> steps(3, step_with({}));
  const auto decoded = decode(encoded(steps, {10, 12, 11}, 10), 10);
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ((*decoded)[0].parent, 0U);
  EXPECT_EQ((*decoded)[1].parent, 0U);
  EXPECT_EQ((*decoded)[2].parent, 11U);
}

TEST(Codec, WhatIsNestedTooDeepIsKeptAsNull) {
  Value value = "core";
  for (int i = 0; i < 100; ++i) value = List{value};
  const auto decoded = decode(encoded({step_with({{"deep", value}})}), 1);
  ASSERT_TRUE(decoded.has_value());
  const auto text = boost::json::serialize(decoded->front().data);
  EXPECT_EQ(text.find("core"), std::string::npos);
  EXPECT_NE(text.find("[null]"), std::string::npos);
}

TEST(Codec, UsualStepsTakeAboutEightyOctets) {
  std::vector<Step> steps;
  for (int i = 0; i < 12; ++i)
    steps.push_back({0,
                     0,
                     at_micros(1'700'000'000'000'000 + i * 250),
                     Phase::spf,
                     "spf.mechanism",
                     {{"text", "include:amazonses.com"},
                      {"domain", "amazonses.com"},
                      {"matched", false},
                      {"lookups", i},
                      {"limit", 10},
                      {"rfc", "7208 5.2"}}});
  EXPECT_LT(encoded(steps).size() / steps.size(), 80U);
}

TEST(Codec, EveryCutIsAnError) {
  const auto blob = encoded({step_with({{"text", "v=spf1 -all"}, {"list", List{1, 2.5, nullptr}}}),
                             step_with({{"more", Facts{{"inner", true}}}})});
  for (std::size_t length = 0; length < blob.size(); ++length)
    EXPECT_FALSE(decode(std::string_view(blob).substr(0, length), 1).has_value()) << length;
  EXPECT_FALSE(decode(blob + "x", 1).has_value());
  EXPECT_TRUE(decode(blob, 1).has_value());
}

TEST(Codec, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(decode("\x02", 1).error().message, "the batch of steps has version 2, known is 1");
  EXPECT_EQ(decode("\x01\x05", 1).error().message, "the batch of steps counts more than it holds at octet 2");
  auto blob = encoded({step_with({})});
  blob[blob.size() - 5] = 99;
  EXPECT_EQ(decode(blob, 1).error().message.substr(0, 40), "the batch of steps has an unknown phase ");
}

TEST(Codec, DamageNeverCrashes) {
  const auto blob =
      encoded({step_with({{"text", "v=spf1 -all"}, {"list", List{1, 2.5, nullptr, Facts{{"a", 1}}}}}),
               step_with({{"more", Facts{{"inner", true}}}})});
  std::mt19937 random(7);
  std::size_t refused = 0;
  for (int round = 0; round < 20000; ++round) {
    auto damaged = blob;
    for (int i = 0; i < 3; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    if (!decode(damaged, 1).has_value()) ++refused;
  }
  EXPECT_GT(refused, 5000U);
}

}  // namespace
}  // namespace mailassay::trace
