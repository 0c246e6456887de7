// What a request wants to be otherwise when a mail is judged again: another DNS, another client.
#pragma once

#include "evaluation/evaluation_service.h"
#include "http/problem.h"

#include <optional>
#include <string>

namespace mailassay::http {

enum class LiveDns { yes, no };  // whether there is one that an overlay could replace parts of

// Reads {"zone" or "overlay", "ip"?, "helo"?, "mail_from"?} into the job, or says why the body is refused.
// Members that are absent or null leave the job as it is.
std::optional<Problem> read_circumstances(const std::string& body, LiveDns live, evaluation::Job& job);

}  // namespace mailassay::http
