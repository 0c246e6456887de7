// One author domain judged by one RFC, step by step.
#pragma once

#include "evaluation/dmarc/decision.h"
#include "evaluation/dmarc/walker.h"

namespace mailassay::dmarc {

struct Judgement {
  Outcome outcome;
  std::string organizational_why;  // how the organizational domain was found
  std::string source_why;          // author_domain, organizational_domain, public_suffix_domain; empty: none
  std::string tag;                 // the policy's: p, sp, np
  bool testing = false;
  bool several_at_author = false;  // `_dmarc.<author domain>` has two or more records
  std::optional<Record> record;    // the one that applies
};

struct Circumstances {
  Walker& walker;
  dns::Resolver& resolver;
  const evaluation::Limits& limits;
  bool alone = true;  // no other author domain whose record could count instead
};

boost::asio::awaitable<Judgement> judge_rfc9989(std::string author, std::vector<Candidate> candidates,
                                                Circumstances with, trace::Scope scope);
boost::asio::awaitable<Judgement> judge_rfc7489(std::string author, std::vector<Candidate> candidates,
                                                Circumstances with, trace::Scope scope);

// Fills the outcome's spf and dkim; alignments may be empty (no record applies): then only equal domains
// are.
void fill_identifiers(Outcome& outcome, const std::vector<Candidate>& candidates,
                      const std::vector<Alignment>& alignments);

// Where both RFCs answer differently, a step "dmarc.differs" that says how and why.
void tell_differences(const Judgement& rfc9989, const Judgement& rfc7489, trace::Scope scope);

// Starts the questions that check_report_destinations() will ask, once the record is known.
void prefetch_report_destinations(const Record& record, const std::string& policy_domain, Circumstances with);

// Are reports to hosts outside the organizational domain wanted there (RFC 9990 section 4)? A step
// "dmarc.report_destination" a URI.
boost::asio::awaitable<void> check_report_destinations(Judgement judgement, Circumstances with,
                                                       trace::Scope scope);

trace::Facts alignment_facts(const Candidate& candidate, const Alignment& alignment,
                             const std::string& author, const std::string& author_organizational,
                             bool strict);
trace::Facts result_facts(const Outcome& outcome, const Decision* decision);

}  // namespace mailassay::dmarc
