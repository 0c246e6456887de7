#include "fixture.h"

#include <atomic>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> all(last - first + 1);
  std::iota(all.begin(), all.end(), first);
  return all;
}

std::function<bool(const std::string&)> until_event(std::uint64_t number) {
  return [number](const std::string& text) {
    const auto at = text.find("id: " + std::to_string(number) + "\n");
    return at != std::string::npos && text.find("\n\n", at) != std::string::npos;
  };
}

std::string events_of(const store::Inbox& inbox) {
  return "/api/v1/inboxes/" + inbox.token + "/events";
}

TEST(Events, TheWholeJournalComesInOrder) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  host.append(inbox, 600);  // more than a batch
  const std::string text = read_stream(host.client(), events_of(inbox), until_event(600));
  EXPECT_EQ(ids_in(text), numbers(1, 600));
  EXPECT_TRUE(text.starts_with("retry: "));
  EXPECT_NE(text.find("event: step\ndata: {\"id\":1,"), std::string::npos) << text.substr(0, 300);
}

TEST(Events, WhatHappensWhileWatchingComesWithoutGaps) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) host.append(inbox, 3);
  });
  const std::string text = read_stream(host.client(), events_of(inbox), until_event(150));
  writer.join();
  EXPECT_EQ(ids_in(text), numbers(1, 150));
}

TEST(Events, ResumesAfterANumber) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  host.append(inbox, 10);
  const std::string text = read_stream(host.client(), events_of(inbox) + "?after=7", until_event(10));
  EXPECT_EQ(ids_in(text), numbers(8, 10));
}

TEST(Events, LastEventIdWinsOverTheQuery) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  host.append(inbox, 10);
  const std::string text =
      read_stream(host.client(), events_of(inbox) + "?after=2", until_event(10), {{"Last-Event-ID", "8"}});
  EXPECT_EQ(ids_in(text), numbers(9, 10));
}

TEST(Events, NumbersThatAreNoneAreRefused) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  auto client = host.client();
  EXPECT_EQ(client.Get(events_of(inbox) + "?after=-1")->status, 400);
  EXPECT_EQ(client.Get(events_of(inbox) + "?after=x")->status, 400);
  EXPECT_EQ(client.Get(events_of(inbox), httplib::Headers{{"Last-Event-ID", "x"}})->status, 400);
}

TEST(Events, HeadersSuitAStream) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  const auto result = host.client().Head(events_of(inbox));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->get_header_value("X-Accel-Buffering"), "no");
  EXPECT_EQ(result->get_header_value("Content-Type"), "text/event-stream");
  EXPECT_EQ(result->get_header_value("Cache-Control"), "no-store");
}

TEST(Events, AVerdictIsAVerdictEvent) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  host.add_judged(inbox, "m1", "Subject: Hello\r\n\r\nHi\r\n");
  const std::string text = read_stream(host.client(), events_of(inbox), until_event(2));
  EXPECT_NE(text.find("id: 2\nevent: verdict\ndata: {"), std::string::npos) << text;
}

TEST(Events, HeartbeatsComeWhenNothingHappens) {
  http::Options options;
  options.heartbeat = std::chrono::milliseconds(20);
  HttpServer host(options);
  const auto inbox = host.inboxes->create(std::nullopt);
  const std::string text = read_stream(host.client(), events_of(inbox),
                                       [](const std::string& got) { return count_of(got, ": hb\n\n") >= 3; });
  EXPECT_GE(count_of(text, ": hb\n\n"), 3U);
}

TEST(Events, ADeletedInboxSaysGoneAndEnds) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  host.append(inbox, 2);
  bool deleted = false;
  const std::string text = read_stream(host.client(), events_of(inbox), [&](const std::string& got) {
    if (!deleted && until_event(2)(got)) deleted = host.inboxes->remove(inbox.token);
    return false;
  });
  EXPECT_TRUE(deleted);
  EXPECT_TRUE(text.ends_with("id: 2\nevent: gone\ndata: {}\n\n")) << text;
}

TEST(Events, AnInboxThatExpiresUnsweptSaysGone) {
  HttpServer host({}, {}, std::chrono::seconds(1));
  const auto inbox = host.inboxes->create(std::nullopt);
  const std::string text =
      read_stream(host.client(), events_of(inbox), [](const std::string&) { return false; });
  EXPECT_TRUE(text.ends_with("event: gone\ndata: {}\n\n")) << text;
}

TEST(Events, TooManyViewersAreToldSo) {
  http::Options options;
  options.max_viewers = 1;
  HttpServer host(options);
  const auto inbox = host.inboxes->create(std::nullopt);
  host.append(inbox, 1);
  int second = 0;
  read_stream(host.client(), events_of(inbox), [&](const std::string& got) {
    if (!until_event(1)(got)) return false;
    second = host.client().Get(events_of(inbox))->status;
    return true;
  });
  EXPECT_EQ(second, 503);
}

// Threads that each watch the inbox until they have seen `last` events, or the stream ends.
class Viewers {
 public:
  Viewers(const HttpServer& host, const store::Inbox& inbox, int count, std::uint64_t last) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, &host, path = events_of(inbox), last] {
        bool counted = false;
        const std::string text = read_stream(host.client(), path, [&](const std::string& got) {
          if (!counted) counted = ++open_ > 0;
          return last > 0 && until_event(last)(got);
        });
        if (ids_in(text) == numbers(1, last)) ++complete_;
      });
    }
    while (open_ < count) std::this_thread::yield();
  }
  ~Viewers() { join(); }
  void join() {
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  int complete() const { return complete_; }

 private:
  std::vector<std::thread> threads_;
  std::atomic<int> open_ = 0, complete_ = 0;
};

TEST(Events, FiftyViewersSeeAllAndTheServerStaysResponsive) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  Viewers viewers(host, inbox, 50, 20);
  EXPECT_EQ(host.client().Get("/healthz")->status, 200);
  EXPECT_NE(host.client().Get("/metrics")->body.find("\nmailassay_viewers 50\n"), std::string::npos);
  host.append(inbox, 20);
  viewers.join();
  EXPECT_EQ(viewers.complete(), 50);
}

TEST(Events, AViewerWhoLeftFreesItsPlace) {
  http::Options options;
  options.max_viewers = 1;
  HttpServer host(options);
  const auto inbox = host.inboxes->create(std::nullopt);
  host.append(inbox, 1);
  for (int round = 0; round < 2; ++round) {
    std::string text;
    // Until the first viewer's thread has looked at its socket, the second is told to come again.
    while (text.find("id: 1") == std::string::npos) {
      text = read_stream(host.client(), events_of(inbox), until_event(1));
    }
    EXPECT_EQ(ids_in(text), numbers(1, 1));
  }
}

TEST(Events, StoppingEndsOpenStreams) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  Viewers viewers(host, inbox, 10, 0);
  host.server->stop();
  viewers.join();
  EXPECT_FALSE(host.client().Get("/healthz"));
}

}  // namespace
}  // namespace mailassay::test
