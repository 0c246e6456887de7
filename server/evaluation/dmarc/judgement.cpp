#include "evaluation/dmarc/judgement.h"

namespace mailassay::dmarc {

using evaluation::Result;

void fill_identifiers(Outcome& outcome, const std::vector<Candidate>& candidates,
                      const std::vector<Alignment>& alignments) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& candidate = candidates[i];
    const bool equal = !candidate.domain.empty() && candidate.domain == outcome.from_domain;
    Identifier identifier{candidate.domain, candidate.result,
                          alignments.empty() ? equal : alignments[i].aligned};
    if (candidate.is_spf)
      outcome.spf = std::move(identifier);
    else
      outcome.dkim.push_back(std::move(identifier));
  }
}

trace::Facts alignment_facts(const Candidate& candidate, const Alignment& alignment,
                             const std::string& author, const std::string& author_organizational,
                             bool strict) {
  const auto word = std::string(evaluation::to_string(candidate.result));
  const bool counts = alignment.aligned && candidate.result == Result::pass;
  const auto organizational =
      alignment.organizational.empty() ? trace::Value(nullptr) : trace::Value(alignment.organizational);
  if (candidate.is_spf)
    return {{"spf_domain", candidate.domain},
            {"from_domain", author},
            {"mode", strict ? "strict" : "relaxed"},
            {"aligned", candidate.known ? trace::Value(alignment.aligned) : trace::Value(nullptr)},
            {"why", alignment.why},
            {"spf_result", word},
            {"counts", counts},
            {"spf_organizational_domain", organizational},
            {"from_organizational_domain", author_organizational},
            {"rfc", "9989 4.4.2"}};
  return {{"signature", candidate.signature},
          {"selector", candidate.selector},
          {"dkim_domain", candidate.domain},
          {"from_domain", author},
          {"mode", strict ? "strict" : "relaxed"},
          {"aligned", alignment.aligned},
          {"why", alignment.why},
          {"dkim_result", word},
          {"counts", counts},
          {"dkim_organizational_domain", organizational},
          {"from_organizational_domain", author_organizational},
          {"rfc", "9989 4.4.1"}};
}

trace::Facts result_facts(const Outcome& outcome, const Decision* decision) {
  const bool spf = decision != nullptr && decision->by_spf;
  const bool dkim = decision != nullptr && decision->by_dkim;
  const auto or_null = [](const std::string& text) {
    return text.empty() ? trace::Value(nullptr) : trace::Value(text);
  };
  return {{"result", evaluation::to_string(outcome.result)},
          {"from_domain", outcome.from_domain},
          {"policy", or_null(outcome.policy)},
          {"disposition", outcome.disposition},
          {"by", spf && dkim ? "both"
                 : spf       ? "spf"
                 : dkim      ? "dkim"
                             : "nothing"},
          {"cause", or_null(outcome.cause)},
          {"rfc", "9989 5.3.5"}};
}

namespace {

class Differences {
 public:
  void compare(const char* field, const std::string& new_way, const std::string& old_way) {
    if (new_way == old_way) return;
    fields_.emplace_back(field);
    rfc9989_.emplace_back(std::string(field) + "=" + (new_way.empty() ? "-" : new_way));
    rfc7489_.emplace_back(std::string(field) + "=" + (old_way.empty() ? "-" : old_way));
  }
  bool any() const { return !fields_.empty(); }
  trace::Facts facts(const std::string& why) const {
    return {{"fields", fields_},
            {"rfc9989", rfc9989_},
            {"rfc7489", rfc7489_},
            {"why", why},
            {"rfc", "9989 4.10"}};
  }

 private:
  trace::List fields_, rfc9989_, rfc7489_;
};

std::string why_they_differ(const Judgement& a, const Judgement& b) {
  if (a.outcome.policy_domain != b.outcome.policy_domain) {
    if (a.several_at_author) return "several_records";
    if (a.source_why == "public_suffix_domain") return "public_suffix_policy";
    return "record_found_elsewhere";
  }
  if (a.outcome.policy != b.outcome.policy) return a.tag == "np" ? "nonexistent_domain_policy" : "np_invalid";
  if (a.outcome.result == b.outcome.result && a.outcome.disposition != b.outcome.disposition)
    return a.testing ? "test_mode" : b.record && b.record->pct == 0 ? "pct" : "disposition";
  const bool one_failed = (a.outcome.result == Result::temperror) != (b.outcome.result == Result::temperror);
  if (one_failed && a.outcome.cause == "too_many_identifiers") return a.outcome.cause;
  if (one_failed && a.outcome.organizational_domain == b.outcome.organizational_domain) return "dns_failure";
  return "organizational_domain";
}

std::string word(bool value) {
  return value ? "yes" : "no";
}

}  // namespace

void tell_differences(const Judgement& rfc9989, const Judgement& rfc7489, trace::Scope scope) {
  const auto& a = rfc9989.outcome;
  const auto& b = rfc7489.outcome;
  Differences differences;
  differences.compare("result", std::string(to_string(a.result)), std::string(to_string(b.result)));
  differences.compare("policy", a.policy, b.policy);
  differences.compare("disposition", a.disposition, b.disposition);
  differences.compare("policy_domain", a.policy_domain, b.policy_domain);
  if (a.record || b.record)
    differences.compare("organizational_domain", a.organizational_domain, b.organizational_domain);
  if (!a.policy.empty()) {  // without one RFC 9989 compares nothing
    differences.compare("spf_aligned", word(a.spf.aligned), word(b.spf.aligned));
    for (std::size_t i = 0; i < a.dkim.size() && i < b.dkim.size(); ++i)
      differences.compare("dkim_aligned", word(a.dkim[i].aligned), word(b.dkim[i].aligned));
  }
  if (differences.any()) scope.step("dmarc.differs", differences.facts(why_they_differ(rfc9989, rfc7489)));
}

}  // namespace mailassay::dmarc
