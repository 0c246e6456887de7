#include "fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

// What the server answers to these octets, until it closes.
std::string answer_to(const HttpServer& host, const std::string& octets) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(host.server->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL), static_cast<ssize_t>(octets.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t got; (got = ::recv(socket, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(socket);
  return answer;
}

TEST(Server, TheFreePortItChoseIsReported) {
  HttpServer host;
  EXPECT_NE(host.server->port(), 0);
  EXPECT_EQ(host.client().Get("/healthz")->status, 200);
}

TEST(Server, ABusyPortIsOneClearLine) {
  HttpServer host;
  http::Options options;
  options.port = host.server->port();
  http::Server second(options, {*host.inboxes, *host.store, host.hub, {}, {}, {}, {}, {}});
  try {
    second.start();
    FAIL() << "bound twice";
  } catch (const std::runtime_error& error) {
    const std::string line = error.what();
    EXPECT_NE(line.find("127.0.0.1:" + std::to_string(options.port)), std::string::npos) << line;
    EXPECT_NE(line.find("in use"), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos);
  }
}

TEST(Server, AnAddressThatIsNoneIsSaid) {
  HttpServer host;
  for (const auto& [address, word] : std::vector<std::pair<std::string, std::string>>{
           {"not an address", "127.0.0.1:8080"}, {"192.0.2.1", "not an address of this machine"}}) {
    http::Options options;
    options.address = address;
    options.port = 0;
    http::Server other(options, {*host.inboxes, *host.store, host.hub, {}, {}, {}, {}, {}});
    try {
      other.start();
      FAIL() << address;
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
  }
}

TEST(Server, StoppingTwiceAndWithoutStartingIsHarmless) {
  HttpServer host;
  host.server->stop();
  host.server->stop();
  http::Server idle({}, {*host.inboxes, *host.store, host.hub, {}, {}, {}, {}, {}});
  idle.stop();
}

TEST(Server, StoppingEndsIdleConnections) {
  HttpServer host;
  auto client = host.client();
  client.set_keep_alive(true);
  EXPECT_EQ(client.Get("/healthz")->status, 200);
  host.server->stop();
  EXPECT_FALSE(client.Get("/healthz"));
}

TEST(Server, HealthFollowsSmtpAndReadinessItsReason) {
  HttpServer host;
  bool listens = false;
  std::string why = "DNS does not answer";
  http::Options options;
  options.port = 0;
  http::Server server(
      options,
      {*host.inboxes, *host.store, host.hub, {}, {}, {}, [&] { return listens; }, [&] { return why; }});
  server.start();
  httplib::Client client("127.0.0.1", server.port());
  EXPECT_EQ(client.Get("/healthz")->status, 503);
  const auto unready = client.Get("/readyz");
  EXPECT_EQ(unready->status, 503);
  EXPECT_EQ(json_of(unready).at("detail").as_string(), why);
  listens = true;
  why.clear();
  EXPECT_EQ(client.Get("/healthz")->status, 200);
  EXPECT_EQ(client.Get("/readyz")->status, 200);
}

TEST(Server, MetricsCountAndCarryTheOthers) {
  HttpServer host;
  auto client = host.client();
  client.Post("/api/v1/inboxes");
  client.Get("/nothing");
  const auto result = client.Get("/metrics");
  EXPECT_EQ(result->get_header_value("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  // The host itself asked one thing first.
  for (const char* line : {"mailassay_inboxes 1", "mailassay_inboxes_created_total 1", "mailassay_viewers 0",
                           "mailassay_mails_total 3", "mailassay_http_requests_total{class=\"2xx\"} 2",
                           "mailassay_http_requests_total{class=\"4xx\"} 1"}) {
    EXPECT_NE(result->body.find("\n" + std::string(line) + "\n"), std::string::npos) << line << "\n"
                                                                                     << result->body;
  }
}

TEST(Server, WhatIsNotThereIsAProblem) {
  HttpServer host;
  auto client = host.client();
  for (const char* path :
       {"/nothing", "/api/v1/nothing", "/w/", "/w/a/b", "/api/v1/inboxes/", "/../etc/passwd"}) {
    const auto result = client.Get(path);
    EXPECT_EQ(result->status, 404) << path;
    EXPECT_EQ(result->get_header_value("Content-Type"), "application/problem+json") << path;
  }
}

TEST(Server, AnotherMethodIsToldTheRightOnes) {
  HttpServer host;
  auto client = host.client();
  const auto result = client.Put("/api/v1/inboxes/0123", "{}", "application/json");
  EXPECT_EQ(result->status, 405);
  EXPECT_EQ(result->get_header_value("Allow"), "GET, DELETE");
  EXPECT_EQ(result->get_header_value("Content-Type"), "application/problem+json");
  EXPECT_EQ(client.Get("/api/v1/evaluate")->status, 405);
  EXPECT_EQ(client.Options("/api/v1/inboxes")->status, 405);
}

TEST(Server, RequestsThatAreNoneGetAProblem) {
  HttpServer host;
  const std::string end = "Host: localhost\r\nConnection: close\r\n\r\n";
  for (const auto& [octets, status] : std::vector<std::pair<std::string, std::string>>{
           {"nonsense\r\n\r\n", "400"},
           {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + end, "414"},
           {"GET / HTTP/1.1\r\nX: " + std::string(9000, 'a') + "\r\n" + end, "400"},
           {"POST /api/v1/inboxes HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n" + end + "x",
            "415"},
           {"POST /api/v1/inboxes HTTP/1.1\r\nContent-Length: 99999999999\r\n" + end, "413"},
           {"POST /api/v1/inboxes HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + end + "zz\r\n", "413"}}) {
    const std::string answer = answer_to(host, octets);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status)) << octets.substr(0, 60) << "\n" << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos) << answer;
    EXPECT_NE(answer.find("nosniff"), std::string::npos) << answer;
  }
}

TEST(Server, PipelinedRequestsAreEachAnswered) {
  HttpServer host;
  const std::string one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string last = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  EXPECT_EQ(count_of(answer_to(host, one + one + last), "HTTP/1.1 200"), 3U);
}

// Otherwise the rest of the body would be read as the next request.
TEST(Server, ARefusedBodyEndsTheConnection) {
  HttpServer host;
  const std::string inner = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const std::string answer =
      answer_to(host, "POST /api/v1/inboxes HTTP/1.1\r\nHost: evil.example\r\nContent-Length: " +
                          std::to_string(inner.size()) + "\r\n\r\n" + inner);
  EXPECT_EQ(count_of(answer, "HTTP/1.1 "), 1U) << answer;
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 403")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
}

}  // namespace
}  // namespace mailassay::test
