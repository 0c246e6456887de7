// Whose mail this claims to be: the domains of the From field (RFC 9989 sections 4.4 and 5.3.1).
#pragma once

#include "message/message.h"

#include <string>
#include <vector>

namespace mailassay::dmarc {

struct Author {
  std::vector<std::string> domains;    // distinct, as A-labels, in the order of the mail
  std::vector<std::string> addresses;  // every addr-spec
  std::vector<std::string> fields;     // the From fields' values, unfolded
  // Stable codes: several_fields, space_before_colon, several_addresses, several_domains, bad_domain, and
  // the address parser's faults.
  std::vector<std::string> warnings;
  bool unread = false;  // there is more than is read: other domains may stand there
  std::string cause;    // with no domain at all: no_from, from_unusable
};

Author author_of(const message::Message& mail);

}  // namespace mailassay::dmarc
