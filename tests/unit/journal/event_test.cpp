#include "journal/event.h"

#include <gtest/gtest.h>

namespace mailassay::journal {
namespace {

store::Event mechanism() {
  store::Event event;
  event.number = 17;
  event.parent = 12;
  event.message = "m1";
  event.at = trace::TimePoint(std::chrono::microseconds(1795485600123456));
  event.phase = trace::Phase::spf;
  event.kind = "spf.mechanism";
  event.data = {{"text", "-all\r\n"}};
  return event;
}

TEST(Event, IsTheApisObject) {
  EXPECT_EQ(boost::json::serialize(to_json(mechanism())),
            R"({"id":17,"parent":12,"message":"m1","at":"2026-11-24T02:00:00.123456Z","phase":"spf",)"
            R"("kind":"spf.mechanism","data":{"text":"-all\r\n"}})");
}

TEST(Event, ARootOfNoMessageHasNulls) {
  auto event = mechanism();
  event.parent = 0;
  event.message.clear();
  const auto object = to_json(event);
  EXPECT_TRUE(object.at("parent").is_null());
  EXPECT_TRUE(object.at("message").is_null());
}

TEST(Event, IsOneSseBlock) {
  EXPECT_EQ(to_sse(mechanism()),
            "id: 17\nevent: step\ndata: " + boost::json::serialize(to_json(mechanism())) + "\n\n");
}

TEST(Event, TheVerdictHasItsOwnSseName) {
  auto event = mechanism();
  event.phase = trace::Phase::verdict;
  EXPECT_EQ(to_sse(event).substr(0, 27), "id: 17\nevent: verdict\ndata:");
}

TEST(Event, GoneHasNoNumber) {
  EXPECT_EQ(gone_sse(), "event: gone\ndata: {}\n\n");
}

TEST(Event, AStepOutsideAnyJournalReadsTheSame) {
  trace::Recorder recorder;
  const auto root = recorder.emit(0, trace::Phase::message, "message.started", {});
  recorder.emit(root, trace::Phase::dkim, "dkim.key", {{"bits", 2048}});
  const auto object = to_json(recorder.steps()[1], "m2");
  EXPECT_EQ(object.at("id").to_number<int>(), 2);
  EXPECT_EQ(object.at("parent").to_number<int>(), 1);
  EXPECT_EQ(object.at("message").as_string(), "m2");
  EXPECT_EQ(object.at("phase").as_string(), "dkim");
  EXPECT_EQ(object.at("kind").as_string(), "dkim.key");
  EXPECT_EQ(object.at("data").at("bits").to_number<int>(), 2048);
}

}  // namespace
}  // namespace mailassay::journal
