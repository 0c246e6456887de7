#include "http/pages.h"

#include "fixture.h"
#include "http/assets.h"

#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

TEST(Assets, AreTheFilesOfTheWebFolderOctetForOctet) {
  const std::filesystem::path web = std::filesystem::path(TEST_SOURCE_DIR) / "../../../web";
  for (const char* path : {"index.html", "i18n/en.json", "i18n/ko.json"}) {
    const auto* asset = assets::find(path);
    ASSERT_NE(asset, nullptr) << path;
    std::ifstream file(web / path, std::ios::binary);
    const std::string octets((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(asset->content, octets) << path;
  }
  EXPECT_EQ(assets::find("i18n/en.json")->type, "application/json");
  EXPECT_EQ(assets::find("index.html")->type, "text/html; charset=utf-8");
  EXPECT_EQ(assets::find("nothing.html"), nullptr);
}

TEST(Assets, TypesAndTagsAreThere) {
  std::set<std::string_view> tags;
  for (const auto& asset : assets::all()) {
    EXPECT_FALSE(asset.type.empty()) << asset.path;
    EXPECT_EQ(asset.etag.size(), 34U) << asset.path;
    tags.insert(asset.etag);
  }
  EXPECT_GE(tags.size(), 3U);
}

TEST(Pages, OnePageAnswersEachPlace) {
  HttpServer host;
  for (const char* path : {"/", "/learn", "/w/0123456789", "/index.html"}) {
    const auto result = host.client().Get(path);
    EXPECT_EQ(result->status, 200) << path;
    EXPECT_EQ(result->body, assets::find("index.html")->content) << path;
    EXPECT_EQ(result->get_header_value("Content-Type"), "text/html; charset=utf-8");
  }
}

TEST(Pages, TheLanguagesAreThoseThatThereIsACatalogueOf) {
  HttpServer host;
  const auto result = host.client().Get("/js/languages.js");
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->body, "export default [\"en\",\"ko\"];\n");
  EXPECT_EQ(result->get_header_value("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(assets::language_of("ko_KR.UTF-8"), "ko");
  EXPECT_EQ(assets::language_of("en-GB"), "en");
  EXPECT_EQ(assets::language_of("kok"), "");
  EXPECT_EQ(assets::language_of(""), "");
}

TEST(Pages, AreCompressedWithGzipAlone) {
  HttpServer host;
  auto client = host.client();
  client.set_decompress(false);
  const auto encoding = [&](const char* accepted) {
    const auto result = client.Get("/i18n/en.json", httplib::Headers{{"Accept-Encoding", accepted}});
    return result->get_header_value("Content-Encoding");
  };
  EXPECT_EQ(encoding("gzip, deflate, br, zstd"), "gzip");
  EXPECT_EQ(encoding("br"), "");
  EXPECT_EQ(encoding("identity"), "");
}

TEST(Pages, AreAskedForAgainAndSentOnlyWhenChanged) {
  HttpServer host;
  auto client = host.client();
  const auto first = client.Get("/i18n/en.json");
  EXPECT_EQ(first->get_header_value("Cache-Control"), "no-cache");
  const std::string tag = first->get_header_value("ETag");
  ASSERT_FALSE(tag.empty());
  const auto again = client.Get("/i18n/en.json", httplib::Headers{{"If-None-Match", "\"other\", W/" + tag}});
  EXPECT_EQ(again->status, 304);
  EXPECT_EQ(again->body, "");
  EXPECT_EQ(again->get_header_value("ETag"), tag);
  EXPECT_EQ(client.Get("/i18n/en.json", httplib::Headers{{"If-None-Match", "\"other\""}})->status, 200);
}

TEST(Pages, LeaveNothingToOtherSitesScripts) {
  HttpServer host;
  for (const char* path : {"/", "/i18n/en.json", "/nothing", "/api/v1/inboxes/0123"}) {
    const auto result = host.client().Get(path);
    const std::string policy = result->get_header_value("Content-Security-Policy");
    for (const char* rule :
         {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
          "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"}) {
      EXPECT_NE(policy.find(rule), std::string::npos) << path << " " << rule;
    }
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << path;
    EXPECT_EQ(result->get_header_value("Referrer-Policy"), "no-referrer") << path;
    EXPECT_EQ(result->get_header_value("X-Content-Type-Options"), "nosniff") << path;
    EXPECT_EQ(result->get_header_value("Cross-Origin-Opener-Policy"), "same-origin") << path;
    EXPECT_EQ(result->get_header_value("Cross-Origin-Resource-Policy"), "same-origin") << path;
  }
}

TEST(Pages, SendAnOpenerPolicyWhereBrowsersHeedIt) {
  http::Options options;
  options.public_url = "http://watch.example";
  HttpServer host(options);
  const auto policy = [&](const httplib::Headers& headers) {
    return host.client().Get("/", headers)->get_header_value("Cross-Origin-Opener-Policy");
  };
  EXPECT_EQ(policy({{"Host", "localhost:8080"}}), "same-origin");
  EXPECT_EQ(policy({{"Host", "watch.example"}}), "");
  EXPECT_EQ(policy({{"Host", "watch.example"}, {"X-Forwarded-Proto", "https"}}), "same-origin");
}

TEST(Pages, WithoutAKeyThereIsNoLogIn) {
  HttpServer host;
  EXPECT_EQ(host.client().Get("/login")->status, 404);
}

}  // namespace
}  // namespace mailassay::test
