#include "unit/intake/fixture.h"

#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailassay::test {
namespace {

constexpr auto kZone = R"(
example.com. TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com. TXT "v=DMARC1; p=reject"
mail.example.com. A 192.0.2.1
1.2.0.192.in-addr.arpa. PTR mail.example.com.
)";

}

const std::string Client::kMail = "From: Alice <alice@example.com>\r\nSubject: Hello\r\n\r\nHi\r\n";

FakeResolver::FakeResolver() : zone_(dns::make_zone_resolver(*dns::Zone::parse(kZone))) {}

boost::asio::awaitable<dns::AnswerPtr> FakeResolver::query(std::string name, dns::Type type) {
  if (throws) throw std::runtime_error("the resolver is broken");
  if (hangs) {
    boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                    boost::asio::steady_timer::time_point::max());
    co_await never.async_wait(boost::asio::use_awaitable);
  }
  co_return co_await zone_->query(std::move(name), type);
}

intake::Reception Intake::reception() {
  return {{"mailassay.test"},
          "mx.mailassay.test",
          *store,
          *inboxes,
          other_resolver ? *other_resolver : resolver,
          running,
          limits};
}

store::Inbox Intake::make_inbox(const std::string& assume_ip) {
  return inboxes->create(assume_ip.empty() ? std::nullopt : net::IpAddress::parse(assume_ip));
}

void Intake::settle() {
  context->restart();
  context->poll();
  store->flush();
}

std::vector<store::Event> Intake::events(const store::Inbox& inbox) {
  settle();
  return store->events(inbox.id, 0, 10000);
}

std::vector<std::string> Intake::kinds(const store::Inbox& inbox) {
  std::vector<std::string> kinds;
  for (const auto& event : events(inbox)) kinds.push_back(event.kind);
  return kinds;
}

std::string Intake::everything(const store::Inbox& inbox) {
  std::string text;
  for (const auto& event : events(inbox))
    text += event.kind + ' ' + boost::json::serialize(event.data) + '\n';
  for (const auto& message : store->messages(inbox.id)) text += message.report + message.connection;
  return text;
}

store::Message Intake::only_message(const store::Inbox& inbox) {
  settle();
  const auto messages = store->messages(inbox.id);
  if (messages.size() != 1) throw std::runtime_error(std::to_string(messages.size()) + " messages");
  return messages.front();
}

void Intake::restart() {
  context = std::make_unique<boost::asio::io_context>();
  inboxes.reset();
  store.reset();
  store = store::open_sqlite_store(folder.path());
  inboxes = std::make_unique<intake::Inboxes>(*store, std::chrono::hours(24 * 7));
}

Client::Client(Intake& intake) : intake_(intake) {
  peer_.ip = *net::IpAddress::parse("192.0.2.1");
  factory_ = std::make_unique<intake::HandlerFactory>(intake.reception());
  handler_ = factory_->make_handler(intake.context->get_executor(), peer_.ip);
  session_ = std::make_unique<smtp::Session>(options_, peer_, *handler_, activity_);
  session_->connected();
  say("EHLO mail.example.com");
}

std::string Client::say(const std::string& line) {
  session_->output().clear();
  session_->receive(line + "\r\n");
  while (session_->wants() == smtp::Session::Wants::storage) {
    auto mail = session_->take_mail();
    std::optional<smtp::Reply> reply;
    boost::asio::co_spawn(*intake_.context,
                          handler_->mail_received(std::move(mail.envelope), std::move(mail.octets)),
                          [&](std::exception_ptr, smtp::Reply given) { reply = std::move(given); });
    intake_.context->restart();
    while (!reply) intake_.context->run_one();
    session_->mail_answered(*std::move(reply));
  }
  intake_.context->restart();
  intake_.context->poll();
  return session_->output();
}

std::string Client::send(const std::vector<std::string>& recipients, const std::string& content) {
  say("MAIL FROM:<bounce@example.com>");
  for (const auto& recipient : recipients) say("RCPT TO:<" + recipient + ">");
  say("DATA");
  return say(content + ".");
}

}  // namespace mailassay::test
