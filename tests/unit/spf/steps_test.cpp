#include "support.h"

#include <gtest/gtest.h>

namespace mailassay::spf {
namespace {

constexpr auto kZone = R"(
example.com TXT "v=spf1 ip4:198.51.100.0/24 include:_spf.example.net exists:%{ir}.%{d} -all"
_spf.example.net TXT "v=spf1 a:mail.example.net/24 ~all"
mail.example.net A 203.0.113.7
)";

// The tree as text: one line a step, indented.
std::string tree(const std::vector<trace::Step>& steps, trace::Number parent = 0,
                 const std::string& indent = "") {
  std::string text;
  for (const auto& step : steps) {
    if (step.parent != parent) continue;
    text += indent + std::string(step.kind) + "\n" + tree(steps, step.number, indent + " ");
  }
  return text;
}

TEST(Steps, FormATreeFromTheCheckToEachTerm) {
  const auto judged = judge(kZone, query("192.0.2.1", "user@example.com"));
  EXPECT_EQ(tree(judged.steps),
            "spf.check\n"
            " dns.answer\n"
            " spf.record\n"
            "  spf.term\n"
            "  spf.term\n"
            "   dns.answer\n"
            "   spf.record\n"
            "    spf.term\n"
            "     dns.answer\n"
            "     spf.match\n"
            "    spf.term\n"
            "   spf.match\n"
            "  spf.term\n"
            "   spf.macro\n"
            "   dns.answer\n"
            "   spf.match\n"
            "  spf.term\n"
            " spf.result\n");
  for (const auto& step : judged.steps) EXPECT_EQ(step.phase, trace::Phase::spf);
}

TEST(Steps, SayWhatWasAskedComparedAndCounted) {
  const auto judged = judge(kZone, query("192.0.2.1", "user@example.com"));
  const auto terms = judged.of_kind("spf.term");
  EXPECT_EQ(fact(terms[0], "term"), "ip4:198.51.100.0/24");
  EXPECT_EQ(fact(terms[0], "matched") + " " + fact(terms[0], "why"), "false ip_not_in_network");
  EXPECT_EQ(fact(terms[1], "mechanism") + " " + fact(terms[1], "target"), "include _spf.example.net");
  EXPECT_EQ(fact(terms[1], "lookups") + "/" + fact(terms[1], "lookups_limit"), "1/10");
  EXPECT_EQ(fact(terms[1], "matched"), "-");
  const auto matches = judged.of_kind("spf.match");
  EXPECT_EQ(fact(matches[0], "compared"), "203.0.113.7/24");
  EXPECT_EQ(fact(matches[0], "why"), "address_not_found");
  EXPECT_EQ(fact(matches[1], "why"), "include_not_passed");
  EXPECT_EQ(fact(matches[2], "target"), "1.2.0.192.example.com");
  EXPECT_EQ(fact(matches[2], "void_lookups") + "/" + fact(matches[2], "void_limit"), "1/2");
  const auto* macro = judged.of_kind("spf.macro").front();
  EXPECT_EQ(fact(macro, "text") + " " + fact(macro, "letters"), "%{ir}.%{d} d=example.com,i=192.0.2.1");
}

// The included check has ended by then: its words must have been kept.
TEST(Steps, OfAnIncludeSayWhyTheIncludedCheckFailed) {
  const auto judged = judge(R"(
example.com TXT "v=spf1 include:one.example.com -all"
one.example.com TXT "v=spf1 include:two.example.com -all"
two.example.com TXT "nothing of SPF"
)",
                            query("192.0.2.1", "user@example.com"));
  for (const auto* match : judged.of_kind("spf.match"))
    EXPECT_EQ(fact(match, "why"), "include_without_record");
  EXPECT_EQ(judged.of_kind("spf.match").size(), 2U);
}

TEST(Steps, EndInTheResult) {
  const auto judged = judge(kZone, query("192.0.2.1", "user@example.com"));
  const auto& result = judged.steps.back();
  EXPECT_EQ(result.kind, "spf.result");
  EXPECT_EQ(fact(&result, "result"), "fail");
  EXPECT_EQ(fact(&result, "matched"), "-all");
  EXPECT_EQ(fact(&result, "cause"), "null");
  EXPECT_EQ(fact(&result, "lookups"), "3");
}

TEST(Steps, RecordCarriesTextAndNotes) {
  const auto judged = judge("example.com TXT \"v=spf1 +all\"\n", query("192.0.2.1", "user@example.com"));
  const auto* record = judged.of_kind("spf.record").front();
  EXPECT_EQ(fact(record, "domain") + " " + fact(record, "text"), "example.com v=spf1 +all");
  EXPECT_EQ(fact(record, "notes"), "passes_everyone");
  EXPECT_EQ(fact(judged.of_kind("spf.check").front(), "special_address"), "documentation");
}

TEST(Steps, RedirectHoldsTheRecordItLeadsTo) {
  const auto judged = judge("example.com TXT \"v=spf1 redirect=b.example\"\nb.example TXT \"v=spf1 -all\"\n",
                            query("192.0.2.1", "user@example.com"));
  EXPECT_EQ(tree(judged.steps),
            "spf.check\n dns.answer\n spf.record\n  spf.redirect\n   dns.answer\n   spf.record\n    "
            "spf.term\n spf.result\n");
  EXPECT_EQ(fact(judged.of_kind("spf.redirect").front(), "target"), "b.example");
}

}  // namespace
}  // namespace mailassay::spf
