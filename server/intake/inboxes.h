// The living inboxes, in memory: RCPT looks here, never in the database. Any thread.
#pragma once

#include "net/ip_address.h"
#include "store/store.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mailassay::intake {

class Inboxes {
 public:
  // Loads what the store has. lifetime: from creation, and again from each mail.
  Inboxes(store::Store& store, std::chrono::seconds lifetime);
  ~Inboxes();

  // A new unguessable address and token, kept in the store before it is returned.
  store::Inbox create(std::optional<net::IpAddress> assume_ip);
  std::optional<store::Inbox> by_local_part(std::string_view local_part) const;  // without case; not expired
  std::optional<store::Inbox> by_token(std::string_view token) const;
  std::optional<store::Inbox> by_id(store::InboxId inbox) const;
  void renew(store::InboxId inbox);
  // Counts one more mail, if the inbox has fewer than `limit`.
  bool admit(store::InboxId inbox, std::size_t limit);
  // Forgets inbox and mails; `on_gone` listeners hear of it. False if there is no such token.
  bool remove(std::string_view token);
  // Removes what has expired; call it now and then.
  void sweep();
  void on_gone(std::function<void(store::InboxId)> listener);
  std::size_t size() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mailassay::intake
