// A mail downloaded from a mailbox: who sent it to that mailbox's server, by what the server wrote on top.
#pragma once

#include "evaluation/report.h"
#include "message/message.h"
#include "trace/step.h"

namespace mailassay::evaluation {

// IP, HELO and MAIL FROM from the top Received, Received-SPF, Authentication-Results and Return-Path, in the
// forms of Gmail, Naver, Outlook, Postfix and others. Result: source headers, ip empty if no field tells,
// `guessed` naming what had to be inferred. Emits a step "connection.from_headers" that says which field gave
// what.
Connection connection_from_headers(const message::Message& mail, trace::Scope scope);

}  // namespace mailassay::evaluation
