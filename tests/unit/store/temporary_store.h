// A store in a folder of its own, and short ways to write to it.
#pragma once

#include "store/store.h"

#include <filesystem>
#include <future>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <vector>

namespace mailassay::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "mailassay-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline trace::TimePoint at_seconds(std::int64_t seconds) {
  return trace::TimePoint(std::chrono::seconds(seconds));
}

inline store::Inbox inbox_named(const std::string& name) {
  store::Inbox inbox;
  inbox.local_part = "ld-" + name;
  inbox.token = "token-" + name;
  inbox.created_at = at_seconds(1000);
  inbox.expires_at = at_seconds(2000);
  return inbox;
}

inline store::InboxId add_inbox(store::Store& store, const std::string& name) {
  std::promise<store::InboxId> added;
  store.add_inbox(inbox_named(name), [&](store::InboxId id) { added.set_value(id); });
  return added.get_future().get();
}

inline trace::Step step(trace::Number number, trace::Number parent, std::string_view kind = "spf.record",
                        trace::Phase phase = trace::Phase::spf) {
  return {number, parent, at_seconds(1500), phase, kind, {{"number", number}}};
}

inline store::JournalNumber append(store::Store& store, store::InboxId inbox, store::StoryId story,
                                   std::vector<trace::Step> steps, const std::string& message = "m") {
  std::promise<store::JournalNumber> first;
  store.append(inbox, story, message, std::move(steps),
               [&](store::JournalNumber number) { first.set_value(number); });
  return first.get_future().get();
}

inline store::Message message_in(store::InboxId inbox, const std::string& id) {
  store::Message message;
  message.id = id;
  message.inbox = inbox;
  message.received_at = at_seconds(1500);
  message.connection = R"({"ip":"192.0.2.1"})";
  return message;
}

inline bool keep_mail(store::Store& store, const std::string& id, const std::string& octets,
                      std::vector<store::Message> messages) {
  std::promise<bool> kept;
  store.keep_mail(id, octets, std::move(messages), [&](bool ok) { kept.set_value(ok); });
  return kept.get_future().get();
}

}  // namespace mailassay::test
