#include "evaluation/verdict.h"

#include <algorithm>

namespace mailassay::evaluation {
namespace {

trace::Value or_null(const std::string& text) {
  return text.empty() ? trace::Value(nullptr) : trace::Value(text);
}

// The best result of the signatures, as a mail client would show it.
Result best(const std::vector<dkim::Outcome>& signatures) {
  constexpr Result kOrder[] = {Result::pass,      Result::policy, Result::temperror,
                               Result::permerror, Result::fail,   Result::neutral};
  for (const auto result : kOrder)
    for (const auto& signature : signatures)
      if (signature.result == result) return result;
  return Result::none;
}

std::string because(const dmarc::Outcome& dmarc) {
  if (dmarc.result == Result::pass) {
    const bool spf = dmarc.spf.aligned && dmarc.spf.result == Result::pass;
    bool dkim = false;
    for (const auto& signature : dmarc.dkim)
      dkim = dkim || (signature.aligned && signature.result == Result::pass);
    return spf && dkim ? "both_aligned" : spf ? "spf_aligned" : "dkim_aligned";
  }
  if (dmarc.result == Result::temperror) return "uncertain";
  if (dmarc.result == Result::permerror) return "from_unusable";
  return dmarc.cause;
}

struct Domains {
  trace::List passed, aligned;
};

Domains dkim_domains(const dmarc::Outcome& dmarc) {
  Domains domains;
  for (const auto& signature : dmarc.dkim) {
    if (signature.result != Result::pass) continue;
    domains.passed.emplace_back(signature.domain);
    if (signature.aligned) domains.aligned.emplace_back(signature.domain);
  }
  return domains;
}

// Of the signatures whose word is shown.
bool dkim_aligned(const dmarc::Outcome& dmarc, Result shown) {
  return std::ranges::any_of(
      dmarc.dkim, [&](const auto& signature) { return signature.aligned && signature.result == shown; });
}

}  // namespace

void tell_verdict(const Report& report, trace::Scope scope) {
  const auto& dmarc = report.dmarc->rfc9989;
  auto domains = dkim_domains(dmarc);
  scope.in(trace::Phase::verdict)
      .step("verdict",
            {{"dmarc", to_string(dmarc.result)},
             {"because", because(dmarc)},
             {"cause", or_null(dmarc.cause)},
             {"from_domain", or_null(dmarc.from_domain)},
             {"policy", or_null(dmarc.policy)},
             {"policy_domain", or_null(dmarc.policy_domain)},
             {"disposition", dmarc.disposition},
             {"spf", report.spf ? trace::Value(to_string(report.spf->result)) : trace::Value(nullptr)},
             {"spf_domain", report.spf ? or_null(report.spf->domain) : trace::Value(nullptr)},
             {"spf_aligned", dmarc.spf.aligned},
             {"dkim", to_string(best(*report.dkim))},
             {"dkim_domains", std::move(domains.passed)},
             {"dkim_aligned_domains", std::move(domains.aligned)},
             {"dkim_aligned", dkim_aligned(dmarc, best(*report.dkim))},
             {"arc", to_string(report.arc->result)},
             {"iprev", report.iprev ? trace::Value(to_string(report.iprev->result)) : trace::Value(nullptr)},
             {"dmarc_rfc7489", to_string(report.dmarc->rfc7489.result)},
             {"disposition_rfc7489", report.dmarc->rfc7489.disposition}});
}

}  // namespace mailassay::evaluation
