#include "fixture.h"
#include "intake/connection_json.h"
#include "trace/json.h"

#include <gtest/gtest.h>

namespace mailassay::test {
namespace {

namespace json = boost::json;
using trace::Phase;

trace::Step step(trace::Number number, trace::Number parent, Phase phase, std::string_view kind,
                 trace::Facts data = {}) {
  return {number, parent, std::chrono::system_clock::now(), phase, kind, std::move(data)};
}

// One connection that brought two mails, "m" and "n", to one inbox.
class Share : public testing::Test {
 protected:
  explicit Share(http::Options options = {}) : host(std::move(options)) {
    const auto story = host.store->new_story();
    const auto tell = [&](const std::string& message, std::vector<trace::Step> steps) {
      host.store->append(inbox.id, story, message, std::move(steps), {});
    };
    tell("", {step(1, 0, Phase::connection, "connection.opened", {{"ip", "192.0.2.1"}}),
              step(2, 1, Phase::smtp, "smtp.command", {{"line", "EHLO [192.0.2.1]"}}),
              step(3, 2, Phase::smtp, "smtp.reply", {{"code", 250}})});
    tell("n", {step(4, 1, Phase::message, "message.started", {{"mail_from", "other@secret.example"}})});
    tell("", {step(5, 4, Phase::smtp, "smtp.reply", {{"line", "of n"}})});
    tell("m", {step(6, 1, Phase::message, "message.started", {{"mail_from", "ada@example.com"}}),
               step(7, 6, Phase::spf, "spf.check", {{"sender", "ada@example.com"}, {"ip", "192.0.2.1"}})});
    tell("n", {step(8, 4, Phase::verdict, "verdict")});
    tell("m", {step(9, 6, Phase::verdict, "verdict", {{"dmarc", "pass"}})});
    tell("", {step(10, 1, Phase::smtp, "smtp.command", {{"line", "QUIT"}})});
    tell("", {step(11, 0, Phase::connection, "connection.opened", {{"ip", "203.0.113.9"}})});
    store::Message message;
    message.id = "m";
    message.inbox = inbox.id;
    message.started = 6;
    message.received_at = std::chrono::system_clock::now();
    evaluation::Connection connection;
    connection.ip = net::IpAddress::parse("192.0.2.1");
    connection.envelope.mail_from = "ada@example.com";
    connection.envelope.rcpt_to = {inbox.local_part + "@mailassay.test"};
    message.connection = intake::to_json(connection);
    host.store->add_message(message);
    host.store->keep_mail("m", "From: ada@example.com\r\n\r\n", {message}, {});
    message.report = json::serialize(
        json::object{{"schema", 1},
                     {"message", {{"id", "m"}, {"subject", "Hello"}}},
                     {"connection", {{"ip", "192.0.2.1"}, {"mail_from", "ada@example.com"}}}});
    host.store->set_judged(message);
    host.store->end_story(story);
    host.store->flush();
  }

  httplib::Result post(const std::string& body = {}, const std::string& id = "m") {
    return host.client().Post("/api/v1/inboxes/" + inbox.token + "/messages/" + id + "/share", headers, body,
                              "application/json");
  }
  // The secret at the end of the link.
  std::string link(const std::string& body = {}) {
    const auto url = std::string(json_of(post(body)).at("share_url").as_string());
    return url.substr(url.rfind('/') + 1);
  }
  std::string refusal(const std::string& body, const std::string& id = "m") {
    const auto result = post(body, id);
    return std::to_string(result->status) + " " + std::string(json_of(result).at("detail").as_string());
  }

  httplib::Headers headers;
  HttpServer host;
  store::Inbox inbox = host.inboxes->create(std::nullopt);
};

TEST_F(Share, GivesALinkThatLivesAsLongAsTheInbox) {
  const auto result = post();
  EXPECT_EQ(result->status, 201);
  const auto answer = json_of(result);
  const auto url = std::string(answer.at("share_url").as_string());
  EXPECT_TRUE(url.starts_with(host.base() + "/s/")) << url;
  EXPECT_EQ(url.size(), host.base().size() + 3 + 22) << "128 bits";
  EXPECT_EQ(url.find(inbox.token), std::string::npos);
  EXPECT_EQ(answer.at("expires_at"),
            json_of(host.client().Get("/api/v1/inboxes/" + inbox.token)).at("expires_at"));
  EXPECT_EQ(result->get_header_value("Location"), "/api/v1/shares/" + url.substr(url.rfind('/') + 1));
  EXPECT_EQ(json_of(post(R"({"mask": true})")).at("share_url"), answer.at("share_url")) << "one of a kind";
  EXPECT_NE(json_of(post(R"({"mask": false})")).at("share_url"), answer.at("share_url"));
}

TEST_F(Share, TheReportIsMaskedByTheServer) {
  const auto masked = json_of(host.client().Get("/api/v1/shares/" + link()));
  EXPECT_TRUE(masked.at("share").at("masked").as_bool());
  EXPECT_EQ(masked.at("share").at("expires_at").as_string(),
            trace::to_rfc3339(host.inboxes->by_token(inbox.token)->expires_at));
  EXPECT_EQ(masked.at("connection"), json::parse(R"({"ip":"192.0.2.x","mail_from":"***@example.com"})"));
  EXPECT_EQ(masked.at("message").at("subject"), "Hello");
  const auto whole = json_of(host.client().Get("/api/v1/shares/" + link(R"({"mask": false})")));
  EXPECT_EQ(whole.at("connection"), json::parse(R"({"ip":"192.0.2.1","mail_from":"ada@example.com"})"));
}

TEST_F(Share, TheEventsAreOneStory) {
  const auto result = host.client().Get("/api/v1/shares/" + link() + "/events");
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->get_header_value("Content-Type"), "text/event-stream");
  EXPECT_EQ(result->get_header_value("X-Accel-Buffering"), "no");
  EXPECT_EQ(result->get_header_value("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(ids_in(result->body), (std::vector<std::uint64_t>{1, 2, 3, 6, 7, 9}));
  EXPECT_NE(result->body.find("id: 9\nevent: verdict\n"), std::string::npos);
  for (const auto* secret : {"ada", "192.0.2.1", "secret.example", "QUIT", "of n", "203.0.113"})
    EXPECT_EQ(result->body.find(secret), std::string::npos) << secret << "\n" << result->body;
  const auto whole = host.client().Get("/api/v1/shares/" + link(R"({"mask": false})") + "/events");
  EXPECT_NE(whole->body.find("EHLO [192.0.2.1]"), std::string::npos);
  EXPECT_EQ(whole->body.find("secret.example"), std::string::npos);
}

TEST_F(Share, AStreamThatIsResumedAfterItsEndEnds) {
  const auto path = "/api/v1/shares/" + link() + "/events";
  const auto after = [&](const std::string& id) { return host.client().Get(path, {{"Last-Event-ID", id}}); };
  EXPECT_EQ(ids_in(after("6")->body), (std::vector<std::uint64_t>{7, 9}));
  EXPECT_EQ(after("9")->status, 204);
  EXPECT_EQ(after("99")->status, 204);
  EXPECT_EQ(after("x")->status, 400);
  EXPECT_EQ(ids_in(host.client().Get(path + "?after=7")->body), (std::vector<std::uint64_t>{9}));
}

TEST_F(Share, BadBodiesAndOtherMessagesAreRefused) {
  EXPECT_TRUE(refusal("[").starts_with("400 the body is not a JSON object"));
  EXPECT_TRUE(refusal("[]").starts_with("400 the body is not a JSON object"));
  EXPECT_TRUE(refusal(R"({"mask": 1})").starts_with("400 mask is neither true nor false"));
  EXPECT_TRUE(refusal(R"({"masked": true})").starts_with("400 member \"masked\" is unknown"));
  EXPECT_TRUE(refusal("", "unheard").starts_with("404 "));
  host.add_receiving(inbox, "r");
  EXPECT_EQ(refusal("", "r"), "409 the message is receiving: only a judged one can be shared");
}

TEST_F(Share, UnknownLinksAndThoseOfAGoneInboxSaySo) {
  const auto share = link();
  EXPECT_EQ(host.client().Get("/api/v1/shares/" + inbox.token)->status, 404);
  EXPECT_EQ(host.client().Get("/api/v1/inboxes/" + share)->status, 404) << "a link is no token";
  host.inboxes->remove(inbox.token);
  for (const auto* end : {"", "/events"}) {
    const auto result = host.client().Get("/api/v1/shares/" + share + end);
    EXPECT_EQ(result->status, 404);
    EXPECT_EQ(result->get_header_value("Content-Type"), "application/problem+json");
    EXPECT_TRUE(std::string(json_of(result).at("detail").as_string()).starts_with("no share has this link"));
  }
}

TEST_F(Share, IsReadOnly) {
  const auto share = link();
  EXPECT_EQ(host.client().Delete("/api/v1/shares/" + share)->status, 405);
  EXPECT_EQ(host.client().Post("/api/v1/shares/" + share)->status, 405);
}

class LockedShare : public Share {
 protected:
  LockedShare() : Share(locked()) { headers = {{"Authorization", "Bearer open sesame"}}; }
  static http::Options locked() {
    http::Options options;
    options.access_key = "open sesame";
    return options;
  }
};

TEST_F(LockedShare, TheLinkIsItsOwnKey) {
  const auto share = link();
  const auto status = [&](const std::string& path) { return host.client().Get(path)->status; };
  EXPECT_EQ(status("/s/" + share), 200);
  EXPECT_EQ(status("/api/v1/shares/" + share), 200);
  EXPECT_EQ(status("/api/v1/shares/" + share + "/events"), 200);
  for (const auto* asset : {"/style.css", "/js/main.js", "/i18n/ko.json"})
    EXPECT_EQ(status(asset), 200) << asset;
  EXPECT_EQ(status("/"), 401);
  EXPECT_EQ(status("/api/v1/inboxes/" + inbox.token), 401);
  headers.clear();
  EXPECT_EQ(post()->status, 401) << "making one wants the key";
}

TEST_F(LockedShare, TheLinkShowsThePage) {
  const auto page = host.client().Get("/s/" + link());
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->get_header_value("Referrer-Policy"), "no-referrer");
  EXPECT_NE(page->get_header_value("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
}

}  // namespace
}  // namespace mailassay::test
