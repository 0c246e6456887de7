#include "cli/story.h"

#include <gtest/gtest.h>

namespace mailassay::cli {
namespace {

namespace json = boost::json;

json::object event(int id, json::value parent, const char* phase, const char* kind, json::object data) {
  return {
      {"id", id}, {"parent", std::move(parent)}, {"phase", phase}, {"kind", kind}, {"data", std::move(data)}};
}

TEST(Story, IndentsByTheTreeAndNamesAPhaseOnce) {
  const Words words(json::object{{"spf.check", "checking {domain}"}, {"spf.term", "{term}"}});
  Story story(words);
  EXPECT_EQ(
      story.tell(event(1, nullptr, "spf", "spf.check", {{"domain", "example.com"}, {"rfc", "7208 4.1"}})),
      "spf\n  checking example.com  [RFC 7208 4.1]\n");
  EXPECT_EQ(story.tell(event(2, 1, "spf", "spf.term", {{"term", "-all"}})), "    -all\n");
}

TEST(Story, AdviceComesWithItsRecordsAndWhy) {
  const Words words(json::object{
      {"advice.dmarc_record", {{"text", "No record at {name}"}, {"why", "Receivers want one."}}}});
  Story story(words);
  const json::object record{
      {"name", "_dmarc.example.com"}, {"type", "TXT"}, {"value", "v=DMARC1;\x1b p=none"}};
  EXPECT_EQ(
      story.tell(event(1, nullptr, "advice", "advice.dmarc_record",
                       {{"name", "_dmarc.example.com"}, {"records", json::array{record}}})),
      "advice\n  No record at _dmarc.example.com\n    _dmarc.example.com TXT \"v=DMARC1;\\027 p=none\"\n"
      "    Receivers want one.\n");
}

json::object report_with(const char* spf, bool spf_aligned, const json::array& dkim) {
  return {{"spf", json::object{{"result", spf}}},
          {"dkim", dkim},
          {"dmarc", json::object{{"result", "fail"},
                                 {"from_domain", "example.com"},
                                 {"policy", "reject"},
                                 {"disposition", "reject"},
                                 {"spf", json::object{{"result", spf}, {"aligned", spf_aligned}}},
                                 {"dkim", dkim}}}};
}

json::object signature(const char* result, bool aligned) {
  return {{"result", result}, {"aligned", aligned}};
}

TEST(SummaryLine, AlignmentIsTheReportsAlsoWhereNothingPassed) {
  EXPECT_EQ(summary_line(report_with("softfail", true, {signature("fail", true)})),
            "spf=softfail dkim=fail dmarc=fail from=example.com spf_aligned=yes dkim_aligned=yes "
            "policy=reject disposition=reject");
}

TEST(SummaryLine, DkimAlignmentIsThatOfTheSignaturesWhoseWordIsShown) {
  EXPECT_EQ(summary_line(report_with("pass", false, {signature("fail", true), signature("pass", false)})),
            "spf=pass dkim=pass dmarc=fail from=example.com spf_aligned=no dkim_aligned=no policy=reject "
            "disposition=reject");
}

TEST(SummaryLine, WhatWasNotJudgedIsNotNone) {
  EXPECT_EQ(summary_line({{"spf", nullptr}, {"dkim", json::array()}, {"dmarc", nullptr}}),
            "spf=- dkim=none dmarc=-");
}

TEST(Words, ShowNumbersAsPeopleWriteThem) {
  const Words words(json::object{{"dns.answer", "{ms} ms"}});
  EXPECT_EQ(words.text("dns.answer", {{"ms", 0.0}}), "0 ms");
  EXPECT_EQ(words.text("dns.answer", {{"ms", 12.25}}), "12.25 ms");
}

}  // namespace
}  // namespace mailassay::cli
