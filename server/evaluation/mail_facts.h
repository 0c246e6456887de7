// What the mail itself says, before anything is judged.
#pragma once

#include "evaluation/report.h"
#include "message/message.h"
#include "trace/step.h"

#include <string_view>

namespace mailassay::evaluation {

// Fills facts.subject and, facts.from being filled, tells "message.parsed" with the mail's oddities,
// "message.route" with the way it came; "message.forged_results" where it brings Authentication-Results in
// our name (RFC 8601 section 5).
void tell_mail(const message::Message& mail, MessageFacts& facts, std::string_view receiver,
               trace::Scope scope);

}  // namespace mailassay::evaluation
