#include "trace/step.h"

#include "trace/json.h"

#include <gtest/gtest.h>

namespace mailassay::trace {
namespace {

TEST(Recorder, NumbersStepsInATree) {
  Recorder recorder;
  const Scope root{&recorder, Phase::connection};
  const auto message = root.step("message.started", {{"size", 12}}).in(Phase::spf);
  message.step("spf.record");
  ASSERT_EQ(recorder.steps().size(), 2U);
  EXPECT_EQ(recorder.steps()[1].parent, 1U);
  EXPECT_EQ(recorder.steps()[1].phase, Phase::spf);
}

TEST(Json, RendersFactsInOrderAndReplacesInvalidUtf8) {
  const Facts facts{{"text", "a\xff\xed\xa0\x80z"},
                    {"yes", true},
                    {"list", List{1, "two", nullptr}},
                    {"sub", Facts{{"n", 2}}}};
  EXPECT_EQ(boost::json::serialize(to_json(facts)),
            "{\"text\":\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\",\"yes\":true,\"list\":[1,"
            "\"two\",null],\"sub\":{\"n\":2}}");
}

TEST(Json, WritesRfc3339) {
  EXPECT_EQ(to_rfc3339(TimePoint(std::chrono::microseconds(1000001))), "1970-01-01T00:00:01.000001Z");
}

}  // namespace
}  // namespace mailassay::trace
