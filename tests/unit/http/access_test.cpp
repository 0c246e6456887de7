#include "http/access.h"

#include "fixture.h"

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

using httplib::Headers;

httplib::Result get(const HttpServer& host, const std::string& path, Headers headers = {}) {
  return host.client().Get(path, headers);
}

TEST(HostCheck, OnlyNamesOfThisMachineAreAnsweredOnLoopback) {
  http::Options options;
  options.allowed_hosts = {"Mail.Internal"};
  HttpServer host(options);
  for (const char* name :
       {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]", "mail.internal:80"}) {
    EXPECT_EQ(get(host, "/healthz", {{"Host", name}})->status, 200) << name;
  }
  for (const char* name : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]"}) {
    const auto result = get(host, "/healthz", {{"Host", name}});
    EXPECT_EQ(result->status, 403) << name;
    EXPECT_NE(json_of(result).at("detail").as_string().find("DNS rebinding"), std::string::npos);
  }
}

TEST(HostCheck, WithAPublicUrlTheProxyDecides) {
  http::Options options;
  options.public_url = "https://looking.example";
  HttpServer host(options);
  EXPECT_EQ(get(host, "/healthz", {{"Host", "looking.example"}})->status, 200);
}

TEST(OtherSites, MayNotPost) {
  HttpServer host;
  auto client = host.client();
  const auto post = [&](const Headers& headers) {
    return client.Post("/api/v1/inboxes", headers, "{}", "text/plain")->status;
  };
  EXPECT_EQ(post({{"Origin", "https://evil.example"}}), 403);
  EXPECT_EQ(post({{"Origin", "null"}}), 403);
  EXPECT_EQ(post({{"Sec-Fetch-Site", "cross-site"}}), 403);
  EXPECT_EQ(post({{"Sec-Fetch-Site", "same-site"}}), 403);
  EXPECT_EQ(host.inboxes->size(), 0U);
  EXPECT_EQ(post({{"Origin", host.base()}}), 201);
  EXPECT_EQ(post({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}), 201);
  EXPECT_EQ(post({}), 201);
}

TEST(OtherSites, MayNotDelete) {
  HttpServer host;
  const auto inbox = host.inboxes->create(std::nullopt);
  const auto result =
      host.client().Delete("/api/v1/inboxes/" + inbox.token, {{"Origin", "https://evil.example"}});
  EXPECT_EQ(result->status, 403);
  EXPECT_TRUE(host.inboxes->by_token(inbox.token));
}

class AccessKey : public testing::Test {
 protected:
  static http::Options locked() {
    http::Options options;
    options.access_key = "open sesame&+%";
    return options;
  }
  httplib::Result log_in(const std::string& body) {
    return host.client().Post("/login", body, "application/x-www-form-urlencoded");
  }

  HttpServer host{locked()};
};

TEST_F(AccessKey, LocksTheApiAndThePage) {
  const auto api = host.client().Post("/api/v1/inboxes");
  EXPECT_EQ(api->status, 401);
  EXPECT_EQ(api->get_header_value("WWW-Authenticate"), "Bearer");
  EXPECT_NE(json_of(api).at("detail").as_string().find("Authorization: Bearer"), std::string::npos);
  EXPECT_EQ(get(host, "/metrics")->status, 401);
  EXPECT_EQ(get(host, "/")->status, 401);
  EXPECT_EQ(get(host, "/index.html")->status, 401);
  const auto page = get(host, "/w/abc", {{"Accept", "text/html,*/*"}});
  EXPECT_EQ(page->status, 303);
  EXPECT_EQ(page->get_header_value("Location"), "/login");
}

TEST_F(AccessKey, HealthIsOpen) {
  EXPECT_EQ(get(host, "/healthz")->status, 200);
  EXPECT_EQ(get(host, "/readyz")->status, 200);
}

TEST_F(AccessKey, ProgramsSendItAsBearer) {
  EXPECT_EQ(get(host, "/metrics", {{"Authorization", "Bearer open sesame&+%"}})->status, 200);
  EXPECT_EQ(get(host, "/metrics", {{"Authorization", "bearer open sesame&+%"}})->status, 200);
  EXPECT_EQ(get(host, "/metrics", {{"Authorization", "Bearer open sesame"}})->status, 401);
  EXPECT_EQ(get(host, "/metrics", {{"Authorization", "Bearer "}})->status, 401);
  EXPECT_EQ(get(host, "/metrics", {{"Authorization", "Basic open sesame&+%"}})->status, 401);
}

TEST_F(AccessKey, TheFormGivesACookieThatOpens) {
  const auto form = get(host, "/login", {{"Accept-Language", "en"}});
  EXPECT_EQ(form->status, 200);
  EXPECT_NE(form->body.find("<form method=\"post\" action=\"/login\">"), std::string::npos);
  EXPECT_NE(form->get_header_value("Content-Security-Policy").find("form-action 'self'"), std::string::npos);

  const auto result = log_in("key=open+sesame%26%2B%25");
  EXPECT_EQ(result->status, 303);
  EXPECT_EQ(result->get_header_value("Location"), "/");
  const std::string cookie = result->get_header_value("Set-Cookie");
  EXPECT_NE(cookie.find("; HttpOnly"), std::string::npos);
  EXPECT_NE(cookie.find("; SameSite=Strict"), std::string::npos);
  EXPECT_EQ(cookie.find("sesame"), std::string::npos);
  const std::string pair = cookie.substr(0, cookie.find(';'));
  EXPECT_EQ(get(host, "/metrics", {{"Cookie", "other=1; " + pair + "; more=2"}})->status, 200);
  EXPECT_EQ(get(host, "/metrics", {{"Cookie", pair + "0"}})->status, 401);
  EXPECT_EQ(get(host, "/metrics", {{"Cookie", "mailassay_key="}})->status, 401);
}

TEST_F(AccessKey, TheCookieDoesNotServeOtherSites) {
  const std::string cookie = log_in("key=open+sesame%26%2B%25")->get_header_value("Set-Cookie");
  const Headers headers = {{"Cookie", cookie.substr(0, cookie.find(';'))},
                           {"Origin", "https://evil.example"}};
  EXPECT_EQ(host.client().Post("/api/v1/inboxes", headers, "{}", "text/plain")->status, 403);
}

TEST_F(AccessKey, AWrongKeyIsSaidAndGuessingIsSlow) {
  int status = 0;
  for (int i = 0; i < 10; ++i) status = log_in("key=guess")->status;
  EXPECT_EQ(status, 401);
  EXPECT_EQ(log_in("key=open+sesame%26%2B%25")->status, 429);
}

TEST_F(AccessKey, TheFormSpeaksKorean) {
  const auto form = get(host, "/login", {{"Accept-Language", "ko-KR,ko;q=0.9"}});
  EXPECT_NE(form->body.find("<html lang=\"ko\">"), std::string::npos);
  EXPECT_NE(form->body.find("접속 키"), std::string::npos) << form->body;
}

TEST(AccessCookie, IsSecureBehindHttps) {
  EXPECT_NE(http::Access({false, {}, "https://looking.example", "k"}).cookie().find("; Secure"),
            std::string::npos);
  EXPECT_EQ(http::Access({true, {}, "", "k"}).cookie().find("; Secure"), std::string::npos);
}

}  // namespace
}  // namespace mailassay::test
