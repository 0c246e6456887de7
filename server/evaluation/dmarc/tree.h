// The DNS tree walk's rules without the DNS (RFC 9989 section 4.10): which names to ask, and what the answers
// mean. Pure.
#pragma once

#include "evaluation/dmarc/record.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::dmarc {

// True for a name of letter-digit-hyphen-underscore labels of 1 to 63 octets, at most 253 in all. Others
// have no DMARC record and align with nothing.
bool is_domain(std::string_view name);

// The names a walk from `domain` asks, at most `limit`: itself, then its last 7 labels (or its parent), and
// so on to the top level. `domain` is lower-case A-labels.
std::vector<std::string> walk_targets(std::string_view domain, int limit);

// True for a text that looks meant as a DMARC record, whether it is one or not.
bool mentions_dmarc(std::string_view text);

// What `_dmarc.<name>` holds.
struct Published {
  enum class State { none, record, failed };
  State state = State::none;
  std::optional<Record> record;          // with State::record
  int records = 0;                       // DMARC records found; two or more count as none in RFC 9989
  std::vector<std::string> near_misses;  // texts that name DMARC without being a record
  std::string cause;                     // with State::failed: dns_servfail, dns_refused, dns_timeout
};
using Tree = std::map<std::string, Published, std::less<>>;

// A DNS failure hides what a name holds. The verdict is trusted only if it is the same whatever that was.
enum class Hidden { nothing, plain, psd_n, psd_y };

struct Found {
  std::string domain;
  Psd psd = Psd::u;
  const Record* record = nullptr;  // null: hidden by a DNS failure
};

// A walk read from the tree: records from the longest name to the shortest, until psd=y or psd=n ended it.
std::vector<Found> walked(const Tree& tree, std::string_view domain, int limit,
                          Hidden hidden = Hidden::nothing);

struct Organizational {
  std::string domain;
  std::string why;  // psd_n, below_psd, shortest_record, no_record (RFC 9989 section 4.10.2)
};
Organizational organizational_domain(std::string_view start, const std::vector<Found>& found);

// The record that applies to an author domain (section 4.10.1); nothing if there is none.
struct Source {
  Found found;
  std::string why;  // author_domain, organizational_domain, public_suffix_domain
};
std::optional<Source> policy_source(std::string_view author, const std::vector<Found>& found);

}  // namespace mailassay::dmarc
