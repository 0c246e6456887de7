#include "cli/junit.h"

#include "config/options.h"

#include <filesystem>
#include <iterator>

#include <gtest/gtest.h>

namespace mailassay::cli {
namespace {

namespace json = boost::json;
using evaluation::Expectation;

std::vector<Expectation> expectations_of(std::initializer_list<const char*> texts) {
  std::vector<Expectation> expectations;
  for (const auto* text : texts) expectations.push_back(*Expectation::parse(text));
  return expectations;
}

json::object report_with(const std::string& results) {
  return {{"spf", {{"result", "pass"}}},
          {"dkim", json::array{}},
          {"dmarc", nullptr},
          {"authentication_results", results}};
}

Waited judged(json::object report) {
  Waited waited;
  waited.started = trace::TimePoint(std::chrono::seconds(1795485600));  // 2026-11-24T02:00:00Z
  waited.took = std::chrono::milliseconds(1234);
  waited.report = std::move(report);
  return waited;
}

Waited in_vain(const std::string& why, bool refused) {
  Waited waited;
  waited.took = std::chrono::seconds(60);
  waited.why_not = why;
  waited.refused = refused;
  return waited;
}

bool has(const std::string& document, const std::string& part) {
  return document.find(part) != std::string::npos;
}

TEST(Junit, ACaseAnExpectationAndOneForTheMail) {
  const auto document = to_junit(judged(report_with("mailassay.test;\r\n\tspf=pass")),
                                 expectations_of({"spf=pass", "spf.result!=pass"}));
  const std::string counts = "name=\"mailassay wait\" tests=\"3\" failures=\"1\" errors=\"0\" time=\"1.234\"";
  const std::string cases = R"(
    <testcase classname="mailassay.wait" name="a mail was judged" time="1.234"/>
    <testcase classname="mailassay.expect" name="spf=pass" time="0.000"/>
    <testcase classname="mailassay.expect" name="spf.result!=pass" time="0.000">
      <failure message="expected spf.result!=pass, but spf.result is pass">)"
                            R"(expected spf.result!=pass, but spf.result is pass</failure>
    </testcase>
)";
  const std::string out =
      "    <system-out>spf=pass dkim=none dmarc=-\n"
      "Authentication-Results: mailassay.test;\n\tspf=pass\n</system-out>\n";
  EXPECT_EQ(document, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + counts +
                          ">\n  <testsuite " + counts + " skipped=\"0\" timestamp=\"2026-11-24T02:00:00\">" +
                          cases + out + "  </testsuite>\n</testsuites>\n");
}

TEST(Junit, WithoutAMailThatFailsAndNothingElseIsSaid) {
  const auto document =
      to_junit(in_vain("no mail was judged within 60 s", false), expectations_of({"spf=pass", "dmarc=pass"}));
  EXPECT_TRUE(has(document, "tests=\"3\" failures=\"1\" errors=\"0\" time=\"60.000\" skipped=\"2\""));
  EXPECT_TRUE(has(document,
                  "name=\"a mail was judged\" time=\"60.000\">\n      <failure message=\"no mail was judged "
                  "within 60 s\">no mail was judged within 60 s</failure>"));
  EXPECT_TRUE(has(document, "name=\"dmarc=pass\" time=\"0.000\">\n      <skipped message="));
  EXPECT_TRUE(has(document, "<system-out>no mail was judged within 60 s\n</system-out>"));
}

TEST(Junit, AServerThatRefusesIsAnErrorNotAFailure) {
  const auto document = to_junit(in_vain("the server refused: no inbox", true), {});
  EXPECT_TRUE(has(document, "tests=\"1\" failures=\"0\" errors=\"1\""));
  EXPECT_TRUE(has(document, "<error message=\"the server refused: no inbox\">"));
}

TEST(Junit, NoTextLeavesItsPlace) {
  const auto document = to_junit(judged(report_with("]]></system-out><!--&amp;\r\n\"'")),
                                 expectations_of({"message.subject=\"/><failure a='&\n\t\r<"}));
  EXPECT_TRUE(has(document, "name=\"message.subject=&quot;/&gt;&lt;failure a='&amp;&#10;&#9;&#13;&lt;\""));
  EXPECT_TRUE(has(document, "]]&gt;&lt;/system-out&gt;&lt;!--&amp;amp;\n\"'\n</system-out>"));
}

TEST(Junit, WhatXmlHasNoCharacterForIsReplaced) {
  const std::string replaced = "\xEF\xBF\xBD";
  for (const std::string& octets :
       {std::string(1, '\0'), std::string("\x01"), std::string("\x0B"), std::string("\x1F"),
        std::string("\xEF\xBF\xBE"), std::string("\xEF\xBF\xBF"), std::string("\xFF")}) {
    const auto document = to_junit(judged(report_with("a" + octets + "b")), {});
    EXPECT_TRUE(has(document, "Authentication-Results: a" + replaced + "b\n")) << document;
  }
  // A surrogate in UTF-8 is three octets that are none.
  EXPECT_TRUE(
      has(to_junit(judged(report_with("a\xED\xA0\x80z")), {}), "a" + replaced + replaced + replaced + "z"));
  for (const std::string kept :
       {"\x7F", "\xC2\x85", "\xEF\xBF\xBC", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x9F\x93\xAC", "주문"})
    EXPECT_TRUE(has(to_junit(judged(report_with("a" + kept + "b")), {}), "a" + kept + "b")) << kept;
}

TEST(JunitFile, ANameThatCannotBeWrittenIsToldAtOnce) {
  for (const auto& [path, why] : {std::pair{"/no/such/folder/results.xml", "No such file"},
                                  std::pair{"/", "directory"}, std::pair{"", "No such file"}}) {
    try {
      const JunitFile file(path);
      ADD_FAILURE() << path;
    } catch (const config::BadOption& error) {
      const std::string line = error.what();
      EXPECT_TRUE(line.starts_with("--junit: ")) << line;
      EXPECT_TRUE(has(line, why) && has(line, "name a file") && !has(line, "\n")) << line;
    }
  }
}

TEST(JunitFile, ReplacesWhatWasThere) {
  std::string pattern = (std::filesystem::temp_directory_path() / "mailassay-junit-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const auto path = pattern + "/results.xml";
  std::ofstream(path) << "the results of the run before";
  JunitFile(path).write("<a/>\n");
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "<a/>\n");
  std::filesystem::remove_all(pattern);
}

TEST(JunitFile, AFullDiskIsTold) {
  JunitFile file("/dev/full");
  EXPECT_THROW(file.write("<a/>\n"), config::BadOption);
}

}  // namespace
}  // namespace mailassay::cli
