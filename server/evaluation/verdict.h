// The last step: everything in one sentence's facts.
#pragma once

#include "evaluation/report.h"
#include "trace/step.h"

namespace mailassay::evaluation {

// Emits the one step of kind and phase "verdict". Its "because" is a stable code: both_aligned, spf_aligned,
// dkim_aligned, nothing_aligned, nothing_passed, no_record, record_invalid, from_unusable, uncertain.
void tell_verdict(const Report& report, trace::Scope scope);

}  // namespace mailassay::evaluation
