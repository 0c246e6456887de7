#include "fixture.h"

#include "intake/connection_json.h"

#include <cstdlib>
#include <stdexcept>

namespace mailassay::test {
namespace {

namespace json = boost::json;
using std::chrono::system_clock;

trace::Step step_of(trace::Number number, trace::Phase phase, std::string_view kind) {
  trace::Step step;
  step.number = number;
  step.at = system_clock::now();
  step.phase = phase;
  step.kind = kind;
  step.data = {{"count", number}};
  return step;
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "mailassay-http-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

HttpServer::HttpServer(http::Options options, Evaluate evaluate, std::chrono::seconds lifetime)
    : store(store::open_sqlite_store(folder.path())) {
  store->watch([this](store::InboxId inbox, store::JournalNumber last) { hub.grown(inbox, last); });
  inboxes = std::make_unique<intake::Inboxes>(*store, lifetime);
  inboxes->on_gone([this](store::InboxId inbox) { hub.gone(inbox); });
  options.port = 0;
  http::Services services{*inboxes, *store, hub, std::move(evaluate), {}, {}, {}, {}};
  services.reachability = [this] { return reachability; };
  services.extra_metrics = [] { return std::string("mailassay_mails_total 3\n"); };
  server = std::make_unique<http::Server>(std::move(options), std::move(services));
  server->start();
  // One thread alone is the first to use the library's statics: it is built without the thread sanitizer,
  // which does not see their guards.
  client().Get("/healthz");
}

HttpServer::~HttpServer() {
  server.reset();
}

httplib::Client HttpServer::client() const {
  httplib::Client client("127.0.0.1", server->port());
  client.set_read_timeout(20);
  client.set_write_timeout(20);
  return client;
}

void HttpServer::append(const store::Inbox& inbox, int count, const std::string& message) {
  std::vector<trace::Step> steps;
  for (int i = 1; i <= count; ++i) {
    steps.push_back(step_of(static_cast<trace::Number>(i), trace::Phase::smtp, "smtp.command"));
  }
  const auto story = store->new_story();
  store->append(inbox.id, story, message, std::move(steps), {});
  store->end_story(story);
  store->flush();
}

store::Message HttpServer::add_receiving(const store::Inbox& inbox, const std::string& id) {
  store::Message message;
  message.id = id;
  message.inbox = inbox.id;
  message.received_at = system_clock::now();
  message.started = store->last_number(inbox.id) + 1;
  evaluation::Connection connection;
  connection.ip = net::IpAddress::parse("192.0.2.7");
  connection.envelope.helo = "mail.example.com";
  message.connection = intake::to_json(connection);
  const auto story = store->new_story();
  store->append(inbox.id, story, id, {step_of(1, trace::Phase::message, "message.started")}, {});
  store->end_story(story);
  store->add_message(message);
  store->flush();
  return message;
}

void HttpServer::judge(store::Message message, const std::string& dmarc) {
  message.state = store::MessageState::judged;
  message.from = "a@example.com";
  message.subject = "Hello";
  message.spf = "pass";
  message.dkim = "none";
  message.dmarc = dmarc;
  message.report = json::serialize(json::object{{"schema", 1},
                                                {"message", {{"id", message.id}}},
                                                {"spf", {{"result", "pass"}}},
                                                {"dmarc", {{"result", dmarc}}}});
  const auto story = store->new_story();
  store->append(message.inbox, story, message.id, {step_of(1, trace::Phase::verdict, "verdict")}, {});
  store->set_judged(message);
  store->end_story(story);
  store->flush();
}

void HttpServer::add_judged(const store::Inbox& inbox, const std::string& id, const std::string& mail,
                            const std::string& dmarc, std::optional<evaluation::Connection> by) {
  store::Message message = add_receiving(inbox, id);
  if (by) message.connection = intake::to_json(*by);
  message.bytes = mail.size();
  message.state = store::MessageState::judging;
  store->keep_mail(id, mail, {message}, {});
  judge(message, dmarc);
}

std::string read_stream(httplib::Client client, const std::string& path,
                        const std::function<bool(const std::string&)>& enough,
                        const httplib::Headers& headers) {
  std::string text;
  client.Get(path, headers, [&](const char* octets, std::size_t size) {
    text.append(octets, size);
    return !enough(text);
  });
  return text;
}

std::vector<std::uint64_t> ids_in(const std::string& stream) {
  std::vector<std::uint64_t> ids;
  for (std::size_t at = stream.find("id: "); at != std::string::npos; at = stream.find("\nid: ", at + 1)) {
    ids.push_back(std::stoull(stream.substr(stream.find(' ', at) + 1)));
  }
  return ids;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

json::object json_of(const httplib::Result& result) {
  if (!result) throw std::runtime_error("no answer: " + httplib::to_string(result.error()));
  return json::parse(result->body).as_object();
}

}  // namespace mailassay::test
