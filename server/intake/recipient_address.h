// Which of our mailboxes a forward-path names.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mailassay::intake {

struct RecipientAddress {
  enum class Kind { inbox, postmaster, elsewhere };
  Kind kind = Kind::elsewhere;
  std::string local_part;  // lower-case, without quotes and "+tag"
  std::string domain;      // lower-case, without a trailing dot, A-labels where that is possible
};

// `domains` are ours. A bare "Postmaster" (RFC 5321 section 4.5.1) is ours too.
RecipientAddress read_recipient(std::string_view mailbox, std::span<const std::string> domains);

}  // namespace mailassay::intake
