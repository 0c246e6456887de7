// From what is published and what passed to a DMARC result: pure, so that it can be asked what a DNS failure
// might have hidden.
#pragma once

#include "evaluation/dmarc/evaluate.h"
#include "evaluation/dmarc/tree.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mailassay::dmarc {

// An authenticated identifier with what its step tells (RFC 9989 section 4.4).
struct Candidate {
  std::string domain;
  evaluation::Result result = evaluation::Result::none;
  bool is_spf = false;
  std::size_t signature = 0;  // from 1, for DKIM
  std::string selector;
  bool judged = true;  // false: beyond the cap of identifiers
  bool known = true;   // false: SPF was not judged, since nobody told the client's address
};

struct Alignment {
  bool aligned = false;
  std::string why;  // equal, same_organizational_domain, different_organizational_domain, not_equal,
                    // no_domain, bad_domain, different_top_level, too_many_identifiers, not_judged
  std::string organizational;  // of the identifier, empty where it was not needed
};

using OrganizationalDomain = std::function<std::string(const std::string&)>;

// Do two domains align? Both are lower-case A-labels. Strict: equal; relaxed: the same organizational domain.
Alignment align(const Candidate& candidate, const std::string& author, bool strict,
                const OrganizationalDomain& organizational);
// True if relaxed alignment cannot be told by the two names alone.
bool needs_organizational_domain(const std::string& identifier, const std::string& author, bool strict);

struct Decision {
  evaluation::Result result = evaluation::Result::fail;
  std::string cause;
  bool by_spf = false, by_dkim = false;  // which passed aligned
  std::vector<Alignment> alignments;     // one a candidate
};
Decision decide(const std::vector<Candidate>& candidates, const std::string& author, bool strict_spf,
                bool strict_dkim, const OrganizationalDomain& organizational);

// What a record asks of receivers, or why it asks nothing (RFC 9989 section 4.10.1, RFC 7489 section 6.6.3).
struct Asked {
  std::optional<Policy> policy;  // nothing: DMARC is not applied
  std::string tag;               // p, sp, np; empty where p=none is assumed
  std::string why;  // author_domain, subdomain, nonexistent_subdomain, sp_absent, record_invalid, rua_only
};
enum class Existence { exists, absent, unknown };
// np only where `with_np` (RFC 9989); `at_source`: the record is the author domain's own.
Asked asked_policy(const Record& record, bool at_source, Existence author, bool with_np);

}  // namespace mailassay::dmarc
