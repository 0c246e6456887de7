#include "intake/inboxes.h"

#include "intake/random_text.h"

#include <algorithm>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <unordered_map>
#include <vector>

namespace mailassay::intake {
namespace {

using std::chrono::system_clock;

// A renewal that moves the end by less is not written: a busy inbox would cost a write a mail.
constexpr std::chrono::minutes kRenewalWorthWriting{1};

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

}  // namespace

struct Inboxes::State {
  store::Store& store;
  std::chrono::seconds lifetime;
  mutable std::shared_mutex mutex;
  struct Entry {
    store::Inbox inbox;
    trace::TimePoint written_expiry;
    std::size_t mails = 0;
  };
  std::unordered_map<store::InboxId, Entry> inboxes;
  std::unordered_map<std::string, store::InboxId> by_local_part, by_token;
  std::vector<std::function<void(store::InboxId)>> listeners;

  void add(const store::Inbox& inbox, std::size_t mails) {
    by_local_part[inbox.local_part] = inbox.id;
    by_token[inbox.token] = inbox.id;
    inboxes[inbox.id] = {inbox, inbox.expires_at, mails};
  }

  std::optional<store::Inbox> find(const std::unordered_map<std::string, store::InboxId>& index,
                                   const std::string& key) const {
    const std::shared_lock lock(mutex);
    const auto id = index.find(key);
    if (id == index.end()) return std::nullopt;
    return living(id->second);
  }

  // With the lock held.
  std::optional<store::Inbox> living(store::InboxId id) const {
    const auto entry = inboxes.find(id);
    if (entry == inboxes.end() || entry->second.inbox.expires_at <= system_clock::now()) return std::nullopt;
    return entry->second.inbox;
  }

  // With the lock held; the store and the listeners are told by the caller, without it.
  void forget(const store::Inbox& inbox) {
    by_local_part.erase(inbox.local_part);
    by_token.erase(inbox.token);
    inboxes.erase(inbox.id);
  }

  void tell_gone(store::InboxId inbox) {
    store.remove_inbox(inbox, {});
    std::vector<std::function<void(store::InboxId)>> copies;
    {
      const std::shared_lock lock(mutex);
      copies = listeners;
    }
    for (const auto& listener : copies) listener(inbox);
  }
};

Inboxes::Inboxes(store::Store& store, std::chrono::seconds lifetime)
    : state_(std::make_unique<State>(store, lifetime)) {
  for (const auto& inbox : store.inboxes()) state_->add(inbox, store.message_count(inbox.id));
}

Inboxes::~Inboxes() = default;

store::Inbox Inboxes::create(std::optional<net::IpAddress> assume_ip) {
  store::Inbox inbox;
  inbox.local_part = random_local_part();
  inbox.token = random_token();
  inbox.created_at = system_clock::now();
  inbox.expires_at = inbox.created_at + state_->lifetime;
  if (assume_ip) inbox.assume_ip = assume_ip->to_string();
  std::promise<store::InboxId> added;
  state_->store.add_inbox(inbox, [&](store::InboxId id) { added.set_value(id); });
  inbox.id = added.get_future().get();
  if (inbox.id == 0) throw std::runtime_error("the new inbox cannot be kept; the disk may be full");
  const std::unique_lock lock(state_->mutex);
  state_->add(inbox, 0);
  return inbox;
}

std::optional<store::Inbox> Inboxes::by_local_part(std::string_view local_part) const {
  return state_->find(state_->by_local_part, lower(local_part));
}

std::optional<store::Inbox> Inboxes::by_token(std::string_view token) const {
  return state_->find(state_->by_token, std::string(token));
}

std::optional<store::Inbox> Inboxes::by_id(store::InboxId inbox) const {
  const std::shared_lock lock(state_->mutex);
  return state_->living(inbox);
}

void Inboxes::renew(store::InboxId inbox) {
  const auto expires_at = system_clock::now() + state_->lifetime;
  const std::unique_lock lock(state_->mutex);
  const auto found = state_->inboxes.find(inbox);
  if (found == state_->inboxes.end()) return;
  auto& entry = found->second;
  entry.inbox.expires_at = expires_at;
  if (expires_at - entry.written_expiry < kRenewalWorthWriting) return;
  entry.written_expiry = expires_at;
  state_->store.renew_inbox(inbox, expires_at);
}

bool Inboxes::admit(store::InboxId inbox, std::size_t limit) {
  const std::unique_lock lock(state_->mutex);
  const auto found = state_->inboxes.find(inbox);
  if (found == state_->inboxes.end() || found->second.mails >= limit) return false;
  ++found->second.mails;
  return true;
}

bool Inboxes::remove(std::string_view token) {
  store::Inbox inbox;
  {
    const std::unique_lock lock(state_->mutex);
    const auto id = state_->by_token.find(std::string(token));
    if (id == state_->by_token.end()) return false;
    inbox = state_->inboxes.at(id->second).inbox;
    state_->forget(inbox);
  }
  state_->tell_gone(inbox.id);
  return true;
}

void Inboxes::sweep() {
  std::vector<store::Inbox> expired;
  {
    const std::unique_lock lock(state_->mutex);
    for (const auto& [id, entry] : state_->inboxes)
      if (entry.inbox.expires_at <= system_clock::now()) expired.push_back(entry.inbox);
    for (const auto& inbox : expired) state_->forget(inbox);
  }
  for (const auto& inbox : expired) state_->tell_gone(inbox.id);
}

void Inboxes::on_gone(std::function<void(store::InboxId)> listener) {
  const std::unique_lock lock(state_->mutex);
  state_->listeners.push_back(std::move(listener));
}

std::size_t Inboxes::size() const {
  const std::shared_lock lock(state_->mutex);
  return state_->inboxes.size();
}

}  // namespace mailassay::intake
