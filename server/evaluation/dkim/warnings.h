// What a valid signature still leaves open: said, never judged.
#pragma once

#include "evaluation/dkim/examination.h"
#include "trace/step.h"

#include <chrono>

namespace mailassay::dkim {

// Emits a "dkim.warning" for each: unsigned_octets, from_added, fields_not_signed, signed_in_future,
// signature_old, key_testing.
void tell_warnings(trace::Scope scope, const Claim& claim, Evidence& evidence, const Finding& finding,
                   std::chrono::system_clock::time_point at);

}  // namespace mailassay::dkim
