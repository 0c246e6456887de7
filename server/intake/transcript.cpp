#include "intake/transcript.h"

#include <algorithm>
#include <string_view>

#include <boost/asio/post.hpp>

namespace mailassay::intake {
namespace {

constexpr std::size_t kLargeBatch = 128;        // not to wait for the end of this turn
constexpr std::size_t kKeptOfConnection = 500;  // a client that says NOOP for hours

bool is_verb(std::string_view line, std::string_view verb) {
  const auto same = [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; };
  return line.size() >= verb.size() &&
         std::equal(verb.begin(), verb.end(), line.begin(), [&](char b, char a) { return same(a, b); });
}

// A line that may hold the address of an inbox, which no other inbox may see.
bool may_name_an_inbox(const trace::Step& step) {
  if (step.kind != "smtp.command" || step.data.empty()) return false;
  const auto* text = std::get_if<std::string>(&step.data.front().value.storage());
  if (text == nullptr) return false;
  std::string_view line = *text;
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  if (is_verb(line, "RCPT") || is_verb(line, "VRFY") || is_verb(line, "EXPN")) return true;
  return line.find('@') != std::string_view::npos && !is_verb(line, "MAIL") && !is_verb(line, "EHLO") &&
         !is_verb(line, "HELO");
}

}  // namespace

Transcript::Transcript(boost::asio::any_io_executor executor, store::Store& store)
    : executor_(std::move(executor)), store_(store), story_(store.new_story()) {}

Transcript::~Transcript() {
  flush();
  store_.end_story(story_);
}

trace::Step Transcript::make_step(trace::Number parent, trace::Phase phase, trace::Name kind,
                                  trace::Facts data) {
  return {++last_, parent, std::chrono::system_clock::now(), phase, kind.text(), std::move(data)};
}

trace::Number Transcript::emit(trace::Number parent, trace::Phase phase, trace::Name kind,
                               trace::Facts data) {
  auto step = make_step(parent, phase, kind, std::move(data));
  const auto number = step.number;
  if (step.kind == "message.started") begin_mail();
  auto audience = step.kind == "message.started" ? Audience{.mail = arriving_} : audience_of(parent);
  if (may_name_an_inbox(step)) {
    audience.nobody = true;
    unresolved_ = step;
  }
  recent_.emplace_back(number, audience);
  const bool ends = step.kind == "message.aborted";
  deliver(std::move(step), audience);
  if (ends && arriving_ != 0) aborted(arriving_);
  return number;
}

trace::Number Transcript::emit_for(Audience audience, trace::Number parent, trace::Phase phase,
                                   trace::Name kind, trace::Facts data) {
  auto step = make_step(parent, phase, kind, std::move(data));
  const auto number = step.number;
  if (!is_over(audience.mail)) deliver(std::move(step), audience);
  return number;
}

Audience Transcript::audience_of(trace::Number step) const {
  const auto found =
      std::ranges::lower_bound(recent_, step, {}, [](const auto& entry) { return entry.first; });
  return found != recent_.end() && found->first == step ? found->second : Audience{};
}

void Transcript::begin_mail() {
  mails_.emplace_back();
  arriving_ = last_mail();
  recent_.clear();
  std::erase_if(kept_, [](const Kept& kept) { return kept.audience.mail != 0; });
  unresolved_.reset();
}

bool Transcript::may_see(const Audience& audience, store::InboxId inbox) const {
  if (audience.nobody || (audience.inbox != 0 && audience.inbox != inbox)) return false;
  if (audience.mail == 0) return true;
  return std::ranges::any_of(mails_[audience.mail - 1].recipients, [&](const Recipient& recipient) {
    return recipient.inbox == inbox && (audience.group == 0 || audience.group == recipient.group);
  });
}

void Transcript::deliver(trace::Step step, const Audience& audience) {
  const bool of_connection = audience.mail == 0 && kept_.size() < kKeptOfConnection;
  const bool of_arriving = audience.mail != 0 && audience.mail == arriving_ && audience.inbox == 0;
  // Nothing of a mail follows its verdict or its abortion: the reply that tells of it is the connection's.
  const auto mail = audience.mail != 0 && is_over(audience.mail) ? 0 : audience.mail;
  bool seen = false;
  bool large = false;
  for (auto& [inbox, journal] : journals_) {
    if (!may_see(audience, inbox)) continue;
    add(mail, step, journal);
    seen = true;
    large = large || journal.back().steps.size() >= kLargeBatch;
  }
  if (!audience.nobody && (of_connection || of_arriving)) kept_.push_back({std::move(step), audience});
  if (large)
    flush();
  else if (seen)
    schedule_flush();
}

void Transcript::add(MailNumber mail, const trace::Step& step, Journal& journal) {
  if (journal.empty() || journal.back().mail != mail) journal.push_back({mail, {}});
  journal.back().steps.add(step);
}

void Transcript::join(const store::Message& message, GroupNumber group) {
  const auto inbox = message.inbox;
  mails_[arriving_ - 1].recipients.push_back({inbox, group});
  const auto [journal, is_new] = journals_.try_emplace(inbox);
  trace::Number started = 0;
  for (const auto& kept : kept_) {
    if (kept.step.kind == "message.started") started = kept.step.number;
    if ((is_new || kept.audience.mail == arriving_) && may_see(kept.audience, inbox))
      add(kept.audience.mail, kept.step, journal->second);
  }
  store_.together([&] {
    flush_inbox(inbox);
    store_.add_message(message, story_, started);
  });
}

void Transcript::recipient_accepted(store::InboxId inbox) {
  if (!unresolved_) return;
  const Audience audience{.mail = arriving_, .inbox = inbox};
  const auto number = unresolved_->number;
  for (auto& [step, seen_by] : recent_)
    if (step == number) seen_by = audience;
  deliver(*std::exchange(unresolved_, std::nullopt), audience);
}

void Transcript::close_mail(MailNumber mail) {
  if (arriving_ != mail) return;
  arriving_ = 0;
  std::erase_if(kept_, [](const Kept& kept) { return kept.audience.mail != 0; });
}

void Transcript::judged(MailNumber mail, const trace::Step& verdict, store::Message message) {
  const auto inbox = message.inbox;
  add(mail, verdict, journals_[inbox]);
  store_.together([&] {
    flush_inbox(inbox);
    store_.set_judged(std::move(message));
  });
}

void Transcript::aborted(MailNumber number) {
  auto& mail = mails_[number - 1];
  if (std::exchange(mail.over, true)) return;
  for (const auto& recipient : mail.recipients)
    store_.together([&] {
      flush_inbox(recipient.inbox);
      store_.set_aborted(recipient.inbox, mail.id);
    });
  close_mail(number);
}

MailNumber Transcript::resume_mail(const store::Message& message) {
  last_ = 1;
  store_.map_step(message.inbox, story_, 1, message.started);
  mails_.push_back({message.id, {{message.inbox, 1}}, false});
  journals_.try_emplace(message.inbox);
  return last_mail();
}

void Transcript::flush() {
  for (const auto& [inbox, pending] : journals_) flush_inbox(inbox);
}

void Transcript::flush_inbox(store::InboxId inbox) {
  auto& pending = journals_[inbox];
  for (auto& [mail, steps] : pending)
    store_.append(inbox, story_, mail == 0 ? std::string() : mails_[mail - 1].id, std::move(steps), {});
  pending.clear();
}

void Transcript::schedule_flush() {
  if (std::exchange(flush_scheduled_, true)) return;
  // The steps of one turn travel in one batch; a viewer sees them a moment later.
  boost::asio::post(executor_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->flush_scheduled_ = false;
    self->flush();
  });
}

}  // namespace mailassay::intake
