#include "fixture.h"

#include <thread>

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

void expect_problem(const httplib::Result& result, int status, const std::string& word) {
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, status);
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/problem+json");
  const auto problem = json_of(result);
  EXPECT_EQ(problem.at("status").as_int64(), status);
  EXPECT_FALSE(problem.at("title").as_string().empty());
  EXPECT_EQ(problem.at("type").as_string(), "about:blank");
  const std::string detail(problem.at("detail").as_string());
  EXPECT_NE(detail.find(word), std::string::npos) << detail;
  EXPECT_EQ(detail.find('\n'), std::string::npos);
}

TEST(Inboxes, AnAddressIsCreatedWithWhereToWatchIt) {
  HttpServer host;
  const auto result = host.client().Post("/api/v1/inboxes");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 201);
  const auto answer = json_of(result);
  const std::string token(answer.at("token").as_string());
  const std::string address(answer.at("address").as_string());
  EXPECT_TRUE(address.starts_with("ld-")) << address;
  EXPECT_TRUE(address.ends_with("@mailassay.test")) << address;
  EXPECT_EQ(answer.at("watch_url").as_string(), host.base() + "/w/" + token);
  EXPECT_TRUE(answer.at("expires_at").as_string().ends_with("Z"));
  EXPECT_EQ(result->get_header_value("Location"), "/api/v1/inboxes/" + token);
  EXPECT_TRUE(host.inboxes->by_token(token));
}

TEST(Inboxes, ThePublicUrlIsWhatIsGivenOut) {
  http::Options options;
  options.public_url = "https://looking.example/";
  HttpServer host(options);
  const auto answer = json_of(host.client().Post("/api/v1/inboxes"));
  EXPECT_TRUE(answer.at("watch_url").as_string().starts_with("https://looking.example/w/"));
}

TEST(Inboxes, AssumeIpIsKept) {
  HttpServer host;
  const auto answer =
      json_of(host.client().Post("/api/v1/inboxes", R"({"assume_ip": "2001:DB8::1"})", "application/json"));
  const auto inbox = host.inboxes->by_token(std::string(answer.at("token").as_string()));
  ASSERT_TRUE(inbox);
  EXPECT_EQ(inbox->assume_ip, "2001:db8::1");
}

TEST(Inboxes, BadBodiesAreRefusedByName) {
  HttpServer host;
  auto client = host.client();
  const auto post = [&](const std::string& body) {
    return client.Post("/api/v1/inboxes", body, "application/json");
  };
  expect_problem(post(R"({"assume_ip": "192.0.2.300"})"), 400, "assume_ip");
  expect_problem(post(R"({"assume_ip": 5})"), 400, "assume_ip");
  expect_problem(post(R"({"colour": "red"})"), 400, "colour");
  expect_problem(post("{"), 400, "not JSON");
  expect_problem(post("[]"), 400, "object");
  expect_problem(post(std::string(70000, ' ')), 413, "65536");
  EXPECT_EQ(host.inboxes->size(), 0U);
}

TEST(Inboxes, APostWithoutAnyBodyFieldsIsAnsweredAtOnce) {
  HttpServer host;
  httplib::Request request;
  request.method = "POST";
  request.path = "/api/v1/inboxes";
  auto client = host.client();
  client.set_read_timeout(3);  // the library alone would wait 5 s for a body that never comes
  const auto result = client.send(request);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 201);
}

TEST(Inboxes, TheListTellsEachMessage) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  host.add_judged(inbox, "m1", "Subject: Hello\r\n\r\nHi\r\n", "fail");
  host.add_receiving(inbox, "m2");
  const auto answer = json_of(host.client().Get("/api/v1/inboxes/" + inbox.token));
  EXPECT_EQ(answer.at("address").as_string(), inbox.local_part + "@mailassay.test");
  const auto& messages = answer.at("messages").as_array();
  ASSERT_EQ(messages.size(), 2U);
  const auto& first = messages[0].as_object();
  EXPECT_EQ(first.at("id").as_string(), "m1");
  EXPECT_EQ(first.at("state").as_string(), "judged");
  EXPECT_EQ(first.at("from").as_string(), "a@example.com");
  EXPECT_EQ(first.at("subject").as_string(), "Hello");
  EXPECT_EQ(first.at("dmarc").as_string(), "fail");
  EXPECT_EQ(first.at("spf").as_string(), "pass");
  const auto& second = messages[1].as_object();
  EXPECT_EQ(second.at("state").as_string(), "receiving");
  EXPECT_TRUE(second.at("dmarc").is_null());
  EXPECT_TRUE(second.at("subject").is_null());
}

TEST(Inboxes, AnUnknownTokenIsNotFoundEverywhere) {
  HttpServer host;
  auto client = host.client();
  for (const char* rest : {"", "/events", "/wait?timeout=0", "/messages/m1", "/messages/m1/raw",
                           "/messages/m1/dkim/0/canonical", "/reachability"}) {
    expect_problem(client.Get("/api/v1/inboxes/0123456789" + std::string(rest)), 404, "token");
  }
  expect_problem(client.Delete("/api/v1/inboxes/0123456789"), 404, "token");
}

TEST(Inboxes, AnExpiredInboxIsNotFound) {
  HttpServer host({}, {}, std::chrono::seconds(0));
  const auto inbox = host.inboxes->create(std::nullopt);
  expect_problem(host.client().Get("/api/v1/inboxes/" + inbox.token), 404, "expired");
}

TEST(Inboxes, DeletingForgets) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  host.add_judged(inbox, "m1", "Subject: Hello\r\n\r\nHi\r\n");
  auto client = host.client();
  const auto result = client.Delete("/api/v1/inboxes/" + inbox.token);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 204);
  expect_problem(client.Get("/api/v1/inboxes/" + inbox.token), 404, "token");
  host.store->flush();
  EXPECT_FALSE(host.store->mail("m1"));
}

TEST(Inboxes, ReachabilityIsWhatTheProgramKnows) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  const auto answer = json_of(host.client().Get("/api/v1/inboxes/" + inbox.token + "/reachability"));
  EXPECT_EQ(answer.at("domain").as_string(), "mailassay.test");
}

TEST(Inboxes, ReachabilityOfASilentDnsIsLate) {
  HttpServer host;
  host.reachability.reset();
  const auto inbox = host.inboxes->create(std::nullopt);
  const auto answer = host.client().Get("/api/v1/inboxes/" + inbox.token + "/reachability");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 504);
}

TEST(Inboxes, AClientBehindAProxyMayCreateSoManyAMinute) {
  http::Options options;
  options.trust_forwarded_for = true;
  options.inboxes_a_minute = 2;
  HttpServer host(options);
  auto client = host.client();
  const httplib::Headers one = {{"X-Forwarded-For", "198.51.100.1, 192.0.2.7"}};
  const httplib::Headers other = {{"X-Forwarded-For", "192.0.2.8"}};
  EXPECT_EQ(client.Post("/api/v1/inboxes", one, "", "")->status, 201);
  EXPECT_EQ(client.Post("/api/v1/inboxes", one, "", "")->status, 201);
  const auto refused = client.Post("/api/v1/inboxes", one, "", "");
  expect_problem(refused, 429, "2 inboxes a minute");
  EXPECT_GT(std::stoi(refused->get_header_value("Retry-After")), 0);
  EXPECT_EQ(client.Post("/api/v1/inboxes", other, "", "")->status, 201);
}

TEST(Inboxes, LoopbackIsNotCounted) {
  http::Options options;
  options.inboxes_a_minute = 1;
  HttpServer host(options);
  auto client = host.client();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Post("/api/v1/inboxes")->status, 201);
}

}  // namespace
}  // namespace mailassay::test
