// What a shared story must not tell: local parts and IP addresses, in every string of the report and of the
// events. Keys, numbers and the codes of our own stay.
#pragma once

#include "store/store.h"

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace mailassay::http {

class Masking {
 public:
  // Patterns find most; what is known of this message is searched for by itself: the inbox's address, the
  // client's addresses, sender and recipients, and what SPF's macros made of the sender.
  Masking(const store::Inbox& inbox, const store::Message& message, const std::vector<store::Event>& story);

  void mask(boost::json::object& report) const;
  void mask(store::Event& event) const;

 private:
  void know_address(std::string_view address);
  void know_macro(std::string_view text);
  std::string text(std::string_view text, bool spf) const;
  void walk(boost::json::value& value, std::string_view key, bool spf) const;

  std::string inbox_;                   // its local part, unguessable: anywhere
  std::vector<std::string> locals_;     // before an @
  std::vector<std::string> words_;      // whole words in the steps of SPF
  std::vector<std::string> addresses_;  // spellings of the client's address
  std::string sender_;
};

}  // namespace mailassay::http
