// A store, an inbox or two, a zone as the DNS, and SMTP dialogues without sockets.
#pragma once

#include "dns/zone.h"
#include "intake/handler.h"
#include "intake/resume.h"
#include "smtp/session.h"
#include "unit/store/temporary_store.h"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace mailassay::test {

// Answers what the zone says, after failing or hanging if told so.
class FakeResolver final : public dns::Resolver {
 public:
  FakeResolver();
  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override;

  bool throws = false;
  bool hangs = false;

 private:
  std::unique_ptr<dns::Resolver> zone_;
};

struct Intake : testing::Test {
  TemporaryFolder folder;
  std::unique_ptr<store::Store> store = store::open_sqlite_store(folder.path());
  std::unique_ptr<intake::Inboxes> inboxes =
      std::make_unique<intake::Inboxes>(*store, std::chrono::hours(24 * 7));
  FakeResolver resolver;
  dns::Resolver* other_resolver = nullptr;  // instead
  intake::Running running;
  intake::Limits limits;
  std::unique_ptr<boost::asio::io_context> context = std::make_unique<boost::asio::io_context>();

  intake::Reception reception();
  store::Inbox make_inbox(const std::string& assume_ip = "");
  static std::string address(const store::Inbox& inbox, const std::string& suffix = "") {
    return inbox.local_part + suffix + "@mailassay.test";
  }
  // Lets everything that can happen happen, up to the disk.
  void settle();
  std::vector<store::Event> events(const store::Inbox& inbox);
  // "kind" of each event of the inbox, in order, "kind:message" with `with_message`.
  std::vector<std::string> kinds(const store::Inbox& inbox);
  // All that the inbox's viewers can read, as one text.
  std::string everything(const store::Inbox& inbox);
  store::Message only_message(const store::Inbox& inbox);
  // As a new process: what was under way is dropped, the store closed and opened again.
  void restart();
};

// One connection of 192.0.2.1, greeted and past EHLO.
class Client {
 public:
  explicit Client(Intake& intake);
  // Sends the line and returns the reply (all its lines).
  std::string say(const std::string& line);
  // The whole mail, from MAIL to the reply to its final dot.
  std::string send(const std::vector<std::string>& recipients, const std::string& content = kMail);
  void hang_up() { session_->peer_closed(); }

  static const std::string kMail;

 private:
  Intake& intake_;
  smtp::Options options_;
  smtp::Client peer_;
  smtp::Activity activity_;
  std::unique_ptr<intake::HandlerFactory> factory_;
  std::unique_ptr<smtp::Handler> handler_;
  std::unique_ptr<smtp::Session> session_;
};

}  // namespace mailassay::test
