#include "evaluation/dmarc/decision.h"

namespace mailassay::dmarc {
namespace {

using evaluation::Result;

std::string_view top_level(std::string_view name) {
  return name.substr(name.rfind('.') + 1);
}

}  // namespace

bool needs_organizational_domain(const std::string& identifier, const std::string& author, bool strict) {
  return !strict && identifier != author && is_domain(identifier) &&
         top_level(identifier) == top_level(author);
}

Alignment align(const Candidate& candidate, const std::string& author, bool strict,
                const OrganizationalDomain& organizational) {
  const auto& domain = candidate.domain;
  if (!candidate.known) return {false, "not_judged", {}};
  if (domain.empty()) return {false, "no_domain", {}};
  if (!is_domain(domain)) return {false, "bad_domain", {}};
  if (domain == author) return {true, "equal", {}};
  if (strict) return {false, "not_equal", {}};
  if (!candidate.judged) return {false, "too_many_identifiers", {}};
  // Organizational domains are suffixes of their names: without a common top level they differ.
  if (!needs_organizational_domain(domain, author, strict)) return {false, "different_top_level", {}};
  auto own = organizational(domain);
  const bool same = own == organizational(author);
  return {same, same ? "same_organizational_domain" : "different_organizational_domain", std::move(own)};
}

Decision decide(const std::vector<Candidate>& candidates, const std::string& author, bool strict_spf,
                bool strict_dkim, const OrganizationalDomain& organizational) {
  Decision decision;
  std::string transient;
  bool passed = false;
  for (const auto& candidate : candidates) {
    const bool strict = candidate.is_spf ? strict_spf : strict_dkim;
    auto alignment = align(candidate, author, strict, organizational);
    const bool pass = candidate.result == Result::pass;
    passed = passed || pass;
    if (alignment.aligned && pass) (candidate.is_spf ? decision.by_spf : decision.by_dkim) = true;
    if (alignment.aligned && candidate.result == Result::temperror)
      transient = candidate.is_spf ? "spf_temperror" : "dkim_temperror";
    const bool could_pass = pass || candidate.result == Result::temperror;
    if (could_pass && alignment.why == "too_many_identifiers") transient = "too_many_identifiers";
    if (!candidate.known) transient = "spf_not_judged";
    decision.alignments.push_back(std::move(alignment));
  }
  if (decision.by_spf || decision.by_dkim) {
    decision.result = Result::pass;
  } else if (!transient.empty()) {
    decision.result = Result::temperror;
    decision.cause = transient;
  } else {
    decision.cause = passed ? "nothing_aligned" : "nothing_passed";
  }
  return decision;
}

Asked asked_policy(const Record& record, bool at_source, Existence author, bool with_np) {
  if (!record.p || record.bad_sp || (with_np && record.bad_np)) {
    if (record.rua.empty()) return {std::nullopt, {}, "record_invalid"};
    return {Policy::none, {}, "rua_only"};
  }
  if (at_source) return {record.p, "p", "author_domain"};
  if (with_np && record.np && author == Existence::absent) return {record.np, "np", "nonexistent_subdomain"};
  if (record.sp) return {record.sp, "sp", "subdomain"};
  return {record.p, "p", "sp_absent"};
}

}  // namespace mailassay::dmarc
