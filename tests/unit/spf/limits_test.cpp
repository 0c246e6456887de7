#include "support.h"

#include <algorithm>
#include <optional>
#include <rapidcheck.h>
#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace mailassay::spf {
namespace {

std::string spf(const std::string& name, const std::string& record) {
  return name + " TXT \"" + record + "\"\n";
}

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

Judged judge_record(const std::string& record, const std::string& zone,
                    const evaluation::Limits& limits = {}) {
  return judge(spf("example.com", record) + zone, query("192.0.2.1", "user@example.com"), limits);
}

const std::string kHost = "example.com A 198.51.100.1\n";

TEST(Limits, TenLookupsAreAllowedAndElevenAreNot) {
  const auto ten = judge_record("v=spf1 " + repeat("a ", 10) + "ip4:192.0.2.1 -all", kHost);
  EXPECT_EQ(ten.result(), "pass");
  EXPECT_EQ(ten.outcome.lookups, 10);
  const auto eleven = judge_record("v=spf1 " + repeat("a ", 11) + "ip4:192.0.2.1 -all", kHost);
  EXPECT_EQ(eleven.result(), "permerror");
  EXPECT_EQ(eleven.outcome.cause, "too_many_lookups");
  EXPECT_EQ(eleven.outcome.lookups, 11);
  const auto* limit = eleven.of_kind("spf.limit").front();
  EXPECT_EQ(fact(limit, "count") + "/" + fact(limit, "limit"), "11/10");
}

TEST(Limits, LookupsAddUpThroughIncludesAndRedirects) {
  const auto zone =
      kHost +
      spf("b.example", "v=spf1 a:example.com a:example.com a:example.com a:example.com redirect=c.example") +
      spf("c.example", "v=spf1 a:example.com a:example.com a:example.com a:example.com ?all");
  const auto at = judge_record("v=spf1 include:b.example ?all", zone);
  EXPECT_EQ(at.result(), "neutral");
  EXPECT_EQ(at.outcome.lookups, 10);
  EXPECT_EQ(judge_record("v=spf1 include:b.example a ?all", zone).outcome.cause, "too_many_lookups");
  EXPECT_EQ(judge_record("v=spf1 include:b.example redirect=c.example", zone).outcome.cause,
            "too_many_lookups");
}

TEST(Limits, LoopsEnd) {
  EXPECT_EQ(judge_record("v=spf1 include:example.com", "").outcome.cause, "too_many_lookups");
  EXPECT_EQ(judge_record("v=spf1 redirect=example.com", "").outcome.cause, "too_many_lookups");
  EXPECT_EQ(judge_record("v=spf1 ip4:192.0.2.1 include:example.com", "").result(), "pass");
}

TEST(Limits, TwoVoidLookupsAreAllowedAndThreeAreNot) {
  const auto two = judge_record("v=spf1 a:x.example exists:y.example ?all", "");
  EXPECT_EQ(two.result(), "neutral");
  EXPECT_EQ(two.outcome.void_lookups, 2);
  const auto three = judge_record("v=spf1 a:x.example exists:y.example mx:z.example ?all", "");
  EXPECT_EQ(three.result(), "permerror");
  EXPECT_EQ(three.outcome.cause, "too_many_void_lookups");
  evaluation::Limits generous;
  generous.spf_void_lookups = 3;
  EXPECT_EQ(judge_record("v=spf1 a:x.example exists:y.example mx:z.example ?all", "", generous).result(),
            "neutral");
}

TEST(Limits, NoDataIsVoidToo) {
  EXPECT_EQ(judge_record("v=spf1 a:x.example ?all", "x.example MX 0 y.example\n").outcome.void_lookups, 1);
}

TEST(Limits, VoidAddressesOfMxHostsCountUntilTheMatch) {
  const std::string two =
      "example.com MX 1 x.example\nexample.com MX 2 y.example\nexample.com MX 3 ok.example\nok.example A "
      "192.0.2.1\n";
  const auto judged = judge_record("v=spf1 mx -all", two);
  EXPECT_EQ(judged.result(), "pass");
  EXPECT_EQ(judged.outcome.void_lookups, 2);
  EXPECT_EQ(judge_record("v=spf1 mx -all", two + "example.com MX 0 z.example\n").outcome.cause,
            "too_many_void_lookups");
  EXPECT_EQ(judge_record("v=spf1 mx -all", two + "example.com MX 4 z.example\n").result(), "pass");
}

std::string many_mx(int hosts) {
  std::string zone;
  for (int i = 0; i < hosts; ++i)
    zone += "example.com MX " + std::to_string(i) + " h" + std::to_string(i) + ".example\nh" +
            std::to_string(i) + ".example A 192.0.2.1\n";
  return zone;
}

TEST(Limits, TenMxHostsAreAllowedAndElevenAskNothing) {
  EXPECT_EQ(judge_record("v=spf1 mx -all", many_mx(10)).result(), "pass");
  const auto eleven = judge_record("v=spf1 mx -all", many_mx(11));
  EXPECT_EQ(eleven.outcome.cause, "too_many_mx_hosts");
  EXPECT_EQ(eleven.questions(), (std::vector<std::string>{"example.com TXT", "example.com MX"}));
}

TEST(Limits, PtrNamesBeyondTenAreIgnored) {
  std::string zone;
  for (int i = 0; i < 10; ++i)
    zone += "1.2.0.192.in-addr.arpa PTR n" + std::to_string(i) + ".example.\nn" + std::to_string(i) +
            ".example A 198.51.100.1\n";
  const std::string eleventh = "1.2.0.192.in-addr.arpa PTR mail.example.com.\nmail.example.com A 192.0.2.1\n";
  const auto judged = judge_record("v=spf1 ptr ?all", zone + eleventh);
  EXPECT_EQ(judged.result(), "neutral");
  EXPECT_EQ(judged.questions().size(), 12U);
}

TEST(Limits, VoidAddressesOfPtrNamesCount) {
  const std::string zone =
      "1.2.0.192.in-addr.arpa PTR a.example.\n1.2.0.192.in-addr.arpa PTR b.example.\n1.2.0.192.in-addr.arpa "
      "PTR c.example.\n";
  EXPECT_EQ(judge_record("v=spf1 ptr -all", zone).outcome.cause, "too_many_void_lookups");
}

TEST(Limits, EveryPtrCountsItsVoidAnswer) {
  EXPECT_EQ(judge_record("v=spf1 ptr ptr ?all", "").outcome.void_lookups, 2);
  EXPECT_EQ(judge_record("v=spf1 ptr ptr ptr ?all", "").outcome.cause, "too_many_void_lookups");
}

TEST(Limits, ExpCountsToNoLimit) {
  const auto judged = judge_record("v=spf1 a:x.example a:y.example -all exp=%{p}.nowhere.example", "");
  EXPECT_EQ(judged.result(), "fail");
  EXPECT_EQ(judged.outcome.lookups, 2);
  EXPECT_EQ(judged.outcome.void_lookups, 2);
}

}  // namespace
}  // namespace mailassay::spf
