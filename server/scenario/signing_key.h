// Signs the mails of scenarios with keys of their own (RFC 6376, rsa-sha256, relaxed/relaxed).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace mailassay::scenario {

class SigningKey {
 public:
  // A fresh RSA key of 2048 bits.
  SigningKey(std::string domain, std::string selector);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;

  // "selector._domainkey.domain".
  std::string record_name() const;
  // The master-file line of the key record, its text in strings of at most 255 octets.
  std::string record_line() const;
  // The mail (CRLF) with a DKIM-Signature field on top, over From, To, Subject, Date, Message-ID and the
  // body; `with_length` says its length in l=.
  std::string sign(std::string_view mail, bool with_length = false) const;

 private:
  struct Key;
  std::string domain_, selector_;
  std::unique_ptr<Key> key_;
};

}  // namespace mailassay::scenario
