#include "evaluation/report_changes.h"

#include <string>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

namespace json = boost::json;

std::string told(const char* before, const char* after) {
  return json::serialize(changes(json::parse(before).as_object(), json::parse(after).as_object()));
}

TEST(Changes, AreToldByThePathsOfExpectations) {
  EXPECT_EQ(told(R"({"spf":{"result":"pass","lookups":1}})", R"({"spf":{"result":"fail","lookups":1}})"),
            R"([{"path":"spf.result","before":"pass","after":"fail"}])");
  EXPECT_EQ(told(R"({"dkim":[{"result":"pass"}]})", R"({"dkim":[{"result":"fail"},{"result":"pass"}]})"),
            R"([{"path":"dkim.0.result","before":"pass","after":"fail"},)"
            R"({"path":"dkim.1","before":null,"after":{"result":"pass"}}])");
  EXPECT_EQ(told(R"({"spf":null})", R"({"spf":{"result":"none"}})"),
            R"([{"path":"spf","before":null,"after":{"result":"none"}}])");
}

TEST(Changes, ListsOfPlainValuesAreComparedWhole) {
  EXPECT_EQ(
      told(R"({"connection":{"iprev":{"names":["a","b"]}}})", R"({"connection":{"iprev":{"names":["a"]}}})"),
      R"([{"path":"connection.iprev.names","before":["a","b"],"after":["a"]}])");
}

TEST(Changes, LeaveOutWhatTellsNoVerdict) {
  EXPECT_EQ(told(R"({"schema":1,"message":{"id":"a"},"authentication_results":"x"})",
                 R"({"schema":2,"message":{"id":"b"},"authentication_results":"y"})"),
            "[]");
}

}  // namespace
}  // namespace mailassay::evaluation
