// The order of an evaluation: iprev and SPF as soon as the envelope is known, DKIM, ARC and DMARC when the
// mail is.
#pragma once

#include "dns/resolver.h"
#include "evaluation/adviser.h"
#include "evaluation/limits.h"
#include "evaluation/report.h"
#include "message/message.h"
#include "trace/step.h"

#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

namespace mailassay::evaluation {

// What an evaluation stands on. `receiver` is our own name: authserv-id, and SPF's %{r}.
struct Setting {
  dns::Resolver& resolver;
  std::string receiver;
  trace::TimePoint at;  // the time that signatures and %{t} are judged by
  Limits limits{};
  const Adviser* adviser = nullptr;  // null: no advice
};

struct EnvelopeOutcome {
  std::optional<iprev::Outcome> iprev;  // nothing without an address
  std::optional<spf::Outcome> spf;
  std::optional<spf::Outcome> spf_helo;
};

// The part that needs no mail: may start at RCPT, while the body is still arriving.
boost::asio::awaitable<EnvelopeOutcome> judge_envelope(Connection connection, Setting setting,
                                                       trace::Scope scope);

// Starts the questions of judge_message(): as soon as the mail is there, even if its envelope is still being
// judged.
void prefetch_message(const message::Message& mail, const Connection& connection, const Setting& setting);

// The rest. Emits the single "verdict" step last and returns the whole report; facts.from and facts.subject
// are filled from the mail.
boost::asio::awaitable<Report> judge_message(const message::Message& mail, MessageFacts facts,
                                             Connection connection, EnvelopeOutcome envelope, Setting setting,
                                             trace::Scope scope);

// Both, one after the other: for a mail that is already whole.
boost::asio::awaitable<Report> evaluate(const message::Message& mail, MessageFacts facts,
                                        Connection connection, Setting setting, trace::Scope scope);

}  // namespace mailassay::evaluation
