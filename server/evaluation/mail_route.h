// The way that a mail says it came: its Received fields (RFC 5321 section 4.4). What stands below the fields
// of servers one trusts may be invented; nothing is judged by it.
#pragma once

#include "message/message.h"
#include "trace/step.h"

namespace mailassay::evaluation {

// Tells "message.route", oldest hop first, of a mail with Received fields: {from, by, ip, with, at,
// delay_seconds} a hop, null where the field does not say. delay_seconds is since the hop before that tells
// its time, and negative where a clock is wrong. Of more than 50 hops the newest are told.
void tell_route(const message::Message& mail, trace::Scope scope);

}  // namespace mailassay::evaluation
