#include "intake/handler.h"

#include "intake/connection_json.h"
#include "intake/judgement.h"
#include "intake/random_text.h"
#include "intake/recipient_address.h"
#include "intake/transcript.h"

#include <algorithm>

#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

namespace mailassay::intake {
namespace {

namespace asio = boost::asio;
using smtp::Reply;

constexpr std::size_t kPostmasterOctets = 4000;  // of a mail to postmaster in the log

// Waits for the store's answer, which comes on its own thread.
asio::awaitable<bool> keep_mail(store::Store& store, std::string id, std::string octets,
                                std::vector<store::Message> messages) {
  auto executor = co_await asio::this_coro::executor;
  auto initiate = [&](auto handler) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto done = [shared, executor, guard = asio::make_work_guard(executor)](bool ok) {
      asio::post(executor, [shared, ok] { (*shared)(ok); });
    };
    store.keep_mail(std::move(id), std::move(octets), std::move(messages), std::move(done));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(bool)>(initiate,
                                                                                      asio::use_awaitable);
}

// One inbox that gets the mail, however many of its addresses were named.
struct Recipient {
  store::Inbox inbox;
  std::vector<std::string> rcpt_to;
  std::shared_ptr<Judgement> judgement;
};

// The mail under way.
struct Mail {
  std::string id = mail_id(std::chrono::system_clock::now());
  MailNumber number = 0;
  trace::Number started = 0;
  std::vector<Recipient> recipients;
  std::vector<std::shared_ptr<Judgement>> judgements;  // one for each address that is judged
  bool for_postmaster = false;
  std::shared_ptr<const message::Message> content;
  std::vector<store::Message> messages;
};

class SmtpHandler final : public smtp::Handler {
 public:
  SmtpHandler(const Reception& reception, asio::any_io_executor executor, net::IpAddress peer)
      : reception_(reception),
        executor_(std::move(executor)),
        peer_(peer),
        transcript_(std::make_shared<Transcript>(executor_, reception.store)) {}
  ~SmtpHandler() override { drop_mail(); }

  trace::Sink& sink() override { return *transcript_; }

  void mail_started(const message::Envelope&, trace::Scope step) override {
    mail_ = std::make_shared<Mail>();
    mail_->number = transcript_->last_mail();
    mail_->started = step.parent;
    transcript_->name_mail(mail_->id);
  }

  Reply recipient(const message::Envelope& envelope, std::string_view mailbox) override;
  asio::awaitable<Reply> mail_received(message::Envelope envelope, std::string octets) override;
  void mail_answered() override;
  void mail_aborted(std::string_view) override { drop_mail(); }
  void closed() override {
    drop_mail();
    transcript_->flush();
  }

 private:
  Reply accept(const message::Envelope& envelope, std::string_view mailbox, const store::Inbox& inbox);
  std::shared_ptr<Judgement> judgement_for(const message::Envelope& envelope, const store::Inbox& inbox,
                                           GroupNumber* group);
  store::Message message_for(const Recipient& recipient) const;
  void drop_mail();
  void log_for_postmaster(const message::Envelope& envelope, std::string_view octets) const;

  const Reception& reception_;
  asio::any_io_executor executor_;
  net::IpAddress peer_;
  std::shared_ptr<Transcript> transcript_;
  std::shared_ptr<Mail> mail_;
};

Reply SmtpHandler::recipient(const message::Envelope& envelope, std::string_view mailbox) {
  const auto address = read_recipient(mailbox, reception_.domains);
  if (address.kind == RecipientAddress::Kind::elsewhere)
    return {550,
            "5.7.1",
            {"This server receives for " + reception_.domains.front() + " only; it relays nothing"}};
  if (address.kind == RecipientAddress::Kind::postmaster) {
    mail_->for_postmaster = true;
    return {250, "2.1.5", {"The postmaster reads the log"}};
  }
  const auto inbox = reception_.inboxes.by_local_part(address.local_part);
  if (!inbox)
    return {550, "5.1.1", {"No such inbox: it expired or never was; open the web page to get a new address"}};
  return accept(envelope, mailbox, *inbox);
}

Reply SmtpHandler::accept(const message::Envelope& envelope, std::string_view mailbox,
                          const store::Inbox& inbox) {
  const Reply accepted{250, "2.1.5", {"OK"}};
  auto& recipients = mail_->recipients;
  const auto known =
      std::ranges::find(recipients, inbox.id, [](const auto& entry) { return entry.inbox.id; });
  if (known != recipients.end()) {
    known->rcpt_to.emplace_back(mailbox);
    transcript_->recipient_accepted(inbox.id);
    return accepted;
  }
  const auto limit = reception_.limits.mails_per_inbox;
  if (!reception_.inboxes.admit(inbox.id, limit))
    return {552,
            "5.2.2",
            {"This inbox holds " + std::to_string(limit) + " mails; open the web page to get a new address"}};
  GroupNumber group = 0;
  const bool is_first_of_group = [&] {
    const auto before = mail_->judgements.size();
    recipients.push_back({inbox, {std::string(mailbox)}, judgement_for(envelope, inbox, &group)});
    return mail_->judgements.size() > before;
  }();
  transcript_->join(message_for(recipients.back()), group);
  transcript_->recipient_accepted(inbox.id);
  if (is_first_of_group) recipients.back().judgement->start();
  return accepted;
}

std::shared_ptr<Judgement> SmtpHandler::judgement_for(const message::Envelope& envelope,
                                                      const store::Inbox& inbox, GroupNumber* group) {
  evaluation::Connection connection;
  connection.ip = peer_;
  if (const auto assumed = inbox.assume_ip ? net::IpAddress::parse(*inbox.assume_ip) : std::nullopt) {
    connection.ip = assumed;
    connection.peer = peer_;
  }
  auto& judgements = mail_->judgements;
  const auto alike = std::ranges::find_if(judgements, [&](const auto& judgement) {
    return judgement->connection().ip == connection.ip && judgement->connection().peer == connection.peer;
  });
  *group = static_cast<GroupNumber>(alike - judgements.begin() + 1);
  if (alike != judgements.end()) return *alike;
  connection.envelope = envelope;
  connection.envelope.rcpt_to.clear();  // an evaluation knows no recipients, so it can tell none
  const Judgement::Place place{mail_->number, *group, mail_->started};
  judgements.push_back(
      std::make_shared<Judgement>(executor_, reception_, transcript_, place, std::move(connection)));
  return judgements.back();
}

store::Message SmtpHandler::message_for(const Recipient& recipient) const {
  store::Message message;
  message.id = mail_->id;
  message.inbox = recipient.inbox.id;
  message.received_at = std::chrono::system_clock::now();
  auto connection = recipient.judgement->connection();
  connection.envelope.rcpt_to = recipient.rcpt_to;
  message.connection = to_json(connection);
  return message;
}

asio::awaitable<Reply> SmtpHandler::mail_received(message::Envelope envelope, std::string octets) {
  const auto mail = mail_;  // the connection may drop it while this waits for the disk
  transcript_->close_mail(mail->number);
  if (mail->for_postmaster) log_for_postmaster(envelope, octets);
  if (mail->recipients.empty()) co_return Reply{250, "2.6.0", {"Accepted for the postmaster"}};
  for (const auto& recipient : mail->recipients) {
    auto message = message_for(recipient);
    message.bytes = octets.size();
    message.attempts = 1;
    mail->messages.push_back(std::move(message));
    reception_.inboxes.renew(recipient.inbox.id);
  }
  transcript_->flush();
  mail->content = std::make_shared<const message::Message>(octets);
  const bool kept = co_await keep_mail(reception_.store, mail->id, std::move(octets), mail->messages);
  if (!kept) co_return Reply{452, "4.3.1", {"The mail cannot be kept at the moment; try again later"}};
  co_return Reply{250, "2.6.0", {"Accepted for judgement, id " + mail->id}};
}

void SmtpHandler::mail_answered() {
  if (!mail_ || transcript_->is_over(mail_->number)) return;
  for (const auto& judgement : mail_->judgements) {
    std::vector<store::Message> messages;
    for (std::size_t i = 0; i < mail_->recipients.size(); ++i)
      if (mail_->recipients[i].judgement == judgement) messages.push_back(mail_->messages[i]);
    judgement->mail_arrived(mail_->content, std::move(messages));
  }
  mail_.reset();
}

void SmtpHandler::drop_mail() {
  if (!mail_) return;
  for (const auto& judgement : mail_->judgements) judgement->abort();
  transcript_->aborted(mail_->number);
  mail_.reset();
}

void SmtpHandler::log_for_postmaster(const message::Envelope& envelope, std::string_view octets) const {
  spdlog::info("mail to postmaster from {:?} ({}, HELO {:?}), {} octets: {:?}", envelope.mail_from,
               peer_.to_string(), envelope.helo, octets.size(), octets.substr(0, kPostmasterOctets));
}

}  // namespace

std::unique_ptr<smtp::Handler> HandlerFactory::make_handler(asio::any_io_executor executor,
                                                            net::IpAddress peer) {
  return std::make_unique<SmtpHandler>(reception_, std::move(executor), peer);
}

}  // namespace mailassay::intake
