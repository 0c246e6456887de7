// A connection's steps on their way into journals. Numbers them, keeps to whom each may be shown, copies what
// was before to an inbox that joins, and hands the store batches.
//
// An inbox sees the connection's steps and those of the mails it got, but no other mail's and no other
// recipient's: the lines of RCPT go to the inbox they name alone, and to nobody if they were refused.
#pragma once

#include "store/store.h"
#include "trace/step.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace mailassay::intake {

using MailNumber = std::uint32_t;   // of a connection's mails, from 1; 0: of the connection
using GroupNumber = std::uint32_t;  // of a mail's evaluations, from 1; 0: of all

// Who may see a step.
struct Audience {
  MailNumber mail = 0;
  GroupNumber group = 0;
  store::InboxId inbox = 0;  // 0: all of them
  bool nobody = false;
};

// Used on one thread; whoever emits holds a share.
class Transcript final : public trace::Sink, public std::enable_shared_from_this<Transcript> {
 public:
  Transcript(boost::asio::any_io_executor executor, store::Store& store);
  ~Transcript() override;

  // --- the dialogue. "message.started" begins a mail.
  trace::Number emit(trace::Number parent, trace::Phase phase, trace::Name kind, trace::Facts data) override;

  // The id of the mail whose message.started came last is known.
  void name_mail(std::string id) { mails_.back().id = std::move(id); }
  MailNumber last_mail() const { return static_cast<MailNumber>(mails_.size()); }
  // The inbox gets the mail that is arriving: what it may see so far goes to its journal at once, and
  // `message` is added to the store (its `started` is filled in).
  void join(const store::Message& message, GroupNumber group);
  // The last RCPT was for that inbox: its lines go there.
  void recipient_accepted(store::InboxId inbox);
  // No more recipients: nothing need be kept for those who join.
  void close_mail(MailNumber mail);

  // --- an evaluation's steps; dropped once the mail is over
  trace::Number emit_for(Audience audience, trace::Number parent, trace::Phase phase, trace::Name kind,
                         trace::Facts data);
  // Numbers and dates a step without telling it.
  trace::Step make_step(trace::Number parent, trace::Phase phase, trace::Name kind, trace::Facts data);

  // --- ends; what came before and the end are one transaction
  void judged(MailNumber mail, const trace::Step& verdict, store::Message message);
  void aborted(MailNumber mail);
  bool is_over(MailNumber mail) const { return mails_[mail - 1].over; }

  // --- a restart: the mail's message.started is in the journal already; it is step 1 of this transcript
  MailNumber resume_mail(const store::Message& message);

  void flush();

 private:
  struct Recipient {
    store::InboxId inbox = 0;
    GroupNumber group = 0;
  };
  struct Mail {
    std::string id;
    std::vector<Recipient> recipients;
    bool over = false;  // its last event has been told
  };
  struct Kept {
    trace::Step step;
    Audience audience;
  };
  struct Pending {
    MailNumber mail = 0;
    trace::Batch steps;
  };
  using Journal = std::vector<Pending>;  // what is to be appended; neighbours are of different mails

  Audience audience_of(trace::Number step) const;
  void begin_mail();
  void deliver(trace::Step step, const Audience& audience);
  static void add(MailNumber mail, const trace::Step& step, Journal& journal);
  bool may_see(const Audience& audience, store::InboxId inbox) const;
  void flush_inbox(store::InboxId inbox);
  void schedule_flush();

  boost::asio::any_io_executor executor_;
  store::Store& store_;
  store::StoryId story_;
  trace::Number last_ = 0;
  std::vector<Mail> mails_;
  MailNumber arriving_ = 0;                                 // the mail that may still be joined
  std::vector<std::pair<trace::Number, Audience>> recent_;  // of the dialogue, since the last mail began
  std::vector<Kept> kept_;                                  // for inboxes that join
  std::optional<trace::Step> unresolved_;                   // an RCPT line, until it is known whose it is
  std::map<store::InboxId, Journal> journals_;              // of the inboxes that joined
  bool flush_scheduled_ = false;
};

}  // namespace mailassay::intake
