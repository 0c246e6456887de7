// DMARC (RFC 9989, and RFC 7489's answer beside it): does what passed speak for the domain people see?
#pragma once

#include "dns/resolver.h"
#include "evaluation/dkim/verify.h"
#include "evaluation/dmarc/author.h"
#include "evaluation/limits.h"
#include "evaluation/result.h"
#include "evaluation/spf/check_host.h"
#include "message/message.h"
#include "trace/step.h"

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace mailassay::dmarc {

struct Identifier {
  std::string domain;
  evaluation::Result result = evaluation::Result::none;
  bool aligned = false;
};

struct Outcome {
  evaluation::Result result = evaluation::Result::none;  // none, pass, fail, temperror, permerror
  std::string from_domain;
  std::string organizational_domain;
  std::string policy_domain;          // where the record was found
  std::optional<std::string> record;  // as published
  std::string policy;  // "none", "quarantine", "reject": p, sp or np as it applies; empty without a record
  std::string disposition;  // what a receiver that honours the policy would do with this mail
  Identifier spf;
  std::vector<Identifier> dkim;
  std::string cause;
};

// Both judge the same identifiers; they differ in how the organizational domain and the policy are found.
struct Outcomes {
  Outcome rfc9989;
  Outcome rfc7489;
  std::size_t from_fields = 1;
  std::vector<std::string> author_domains = {};  // that From names; with several each was judged
};

// Starts the questions that evaluate() will ask: the walks of the author domains and of `identifiers` (the
// domains of SPF and of the signatures).
void prefetch(const message::Message& mail, const std::vector<std::string>& identifiers,
              dns::Resolver& resolver, const evaluation::Limits& limits);

// author is author_of() the mail; spf is the MAIL FROM identity's outcome (RFC 9989 section 4.4.2), nothing
// if it could not be judged: then what does not pass by DKIM is a temperror, since SPF might have passed.
// Steps "dmarc.…", phase dmarc, below scope.
boost::asio::awaitable<Outcomes> evaluate(const Author& author, const std::optional<spf::Outcome>& spf,
                                          const std::vector<dkim::Outcome>& dkim, dns::Resolver& resolver,
                                          trace::Scope scope, const evaluation::Limits& limits);

}  // namespace mailassay::dmarc
