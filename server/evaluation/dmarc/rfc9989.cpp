#include "evaluation/dmarc/judgement.h"

#include <algorithm>
#include <set>

namespace mailassay::dmarc {
namespace {

using evaluation::Result;

void tell_record(const Found& source, trace::Scope scope) {
  trace::List tags;
  for (const auto& tag : source.record->tags) tags.emplace_back(tag.name + "=" + tag.value);
  const auto below = scope.step("dmarc.record", {{"domain", source.domain},
                                                 {"text", source.record->text},
                                                 {"tags", std::move(tags)},
                                                 {"rfc", "9989 4.7"}});
  for (const auto& fault : source.record->faults)
    below.step("dmarc.record_fault", {{"domain", source.domain},
                                      {"tag", fault.tag.empty() ? trace::Value(nullptr) : fault.tag},
                                      {"value", fault.value},
                                      {"cause", fault.cause},
                                      {"rfc", "9989 4.8"}});
}

// The hypotheses about what a DNS failure hid (RFC 9989 section 5.3.6).
constexpr Hidden kHypotheses[] = {Hidden::plain, Hidden::psd_n, Hidden::psd_y};

class Judge {
 public:
  Judge(std::string author, std::vector<Candidate> candidates, Circumstances with, trace::Scope scope)
      : author_(std::move(author)), candidates_(std::move(candidates)), with_(with), scope_(scope) {
    judgement_.outcome.from_domain = author_;
    judgement_.outcome.disposition = "none";
  }

  boost::asio::awaitable<Judgement> run() {
    co_await with_.walker.walk(author_, "author", scope_);
    const auto source = find_source();
    if (!source) {
      const auto* failure = with_.walker.failure(author_);
      finish_without_record(failure != nullptr ? Result::temperror : Result::none,
                            failure != nullptr     ? failure->cause
                            : several_on_the_way() ? "several_records"
                                                   : "no_record");
      co_return std::move(judgement_);
    }
    tell_record(source->found, scope_);
    judgement_.record = *source->found.record;
    if (with_.alone) prefetch_report_destinations(*judgement_.record, source->found.domain, with_);
    const auto existence = co_await author_existence(*source);
    const auto asked = asked_policy(*judgement_.record, at_source(*source), existence, true);
    if (!tell_policy(*source, asked, existence)) {
      finish_without_record(Result::none, "record_invalid");
      co_return std::move(judgement_);
    }
    co_await walk_identifiers();
    conclude(asked, existence);
    co_return std::move(judgement_);
  }

 private:
  bool at_source(const Source& source) const { return source.found.domain == author_; }
  bool strict(const Candidate& candidate) const {
    return candidate.is_spf ? judgement_.record->strict_spf : judgement_.record->strict_dkim;
  }

  std::optional<Source> find_source() {
    const auto found = with_.walker.walked(author_);
    auto organizational = organizational_domain(author_, found);
    judgement_.outcome.organizational_domain = organizational.domain;
    judgement_.organizational_why = organizational.why;
    const auto own = with_.walker.tree().find(author_);
    judgement_.several_at_author = own != with_.walker.tree().end() && own->second.records > 1;
    scope_.step("dmarc.organizational_domain", {{"of", author_},
                                                {"domain", std::move(organizational.domain)},
                                                {"why", std::move(organizational.why)},
                                                {"rfc", "9989 4.10.2"}});
    return policy_source(author_, found);
  }

  bool several_on_the_way() const {
    const auto& tree = with_.walker.tree();
    return std::ranges::any_of(walk_targets(author_, with_.limits.dmarc_tree_walk_queries),
                               [&](const auto& name) {
                                 const auto asked = tree.find(name);
                                 return asked != tree.end() && asked->second.records > 1;
                               });
  }

  // np= applies to names that are NXDOMAIN; a name without data exists (RFC 9989 section 3.2.13).
  boost::asio::awaitable<Existence> author_existence(Source source) {
    if (at_source(source) || !source.found.record->np) co_return Existence::exists;
    const auto answer = co_await dns::ask(with_.resolver, scope_, author_, dns::Type::A);
    if (dns::is_failure(answer->status)) co_return Existence::unknown;
    co_return answer->status == dns::Status::nxdomain ? Existence::absent : Existence::exists;
  }

  bool tell_policy(const Source& source, const Asked& asked, Existence existence) {
    auto& outcome = judgement_.outcome;
    const auto& record = *judgement_.record;
    outcome.policy_domain = source.found.domain;
    outcome.record = record.text;
    judgement_.source_why = source.why;
    judgement_.tag = asked.tag;
    judgement_.testing = record.testing;
    if (asked.policy) outcome.policy = to_string(*asked.policy);
    const auto applied =
        !asked.policy ? std::string_view() : to_string(record.testing ? lower(*asked.policy) : *asked.policy);
    scope_.step("dmarc.policy",
                {{"source", source.found.domain},
                 {"source_why", source.why},
                 {"tag", asked.tag.empty() ? trace::Value(nullptr) : asked.tag},
                 {"policy", asked.policy ? trace::Value(to_string(*asked.policy)) : trace::Value(nullptr)},
                 {"why", existence == Existence::unknown ? "existence_unknown" : asked.why},
                 {"testing", record.testing},
                 {"applied", asked.policy ? trace::Value(applied) : trace::Value(nullptr)},
                 {"rfc", "9989 4.10.1"}});
    return asked.policy.has_value();
  }

  // Passing identifiers first: they alone can decide, so the cap hits the others.
  boost::asio::awaitable<void> walk_identifiers() {
    std::vector<Candidate*> order;
    for (auto& candidate : candidates_) order.push_back(&candidate);
    const auto rank = [](const Candidate* c) {
      return c->result == Result::pass ? 0 : c->result == Result::temperror ? 1 : 2;
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
    std::set<std::string> walked;
    for (auto* candidate : order) {
      if (!needs_organizational_domain(candidate->domain, author_, strict(*candidate))) continue;
      if (walked.count(candidate->domain) != 0) continue;
      if (static_cast<int>(walked.size()) >= with_.limits.dmarc_identifiers) {
        candidate->judged = false;
        continue;
      }
      walked.insert(candidate->domain);
      co_await with_.walker.walk(candidate->domain, candidate->is_spf ? "spf" : "dkim", scope_);
    }
  }

  Decision decide_under(Hidden hidden) const {
    return decide(candidates_, author_, judgement_.record->strict_spf, judgement_.record->strict_dkim,
                  [&](const std::string& domain) {
                    return organizational_domain(domain, with_.walker.walked(domain, hidden)).domain;
                  });
  }

  // The cause of a DNS failure that could have changed the result or the record that applies; empty if none.
  std::string decisive_failure(const Decision& decision) const {
    std::string cause;
    const auto* failure = with_.walker.failure(author_);
    for (std::size_t i = 0; failure == nullptr && i < candidates_.size(); ++i)
      failure = with_.walker.failure(candidates_[i].domain);
    if (failure == nullptr) return {};
    for (const auto hidden : kHypotheses) {
      const auto source = policy_source(author_, with_.walker.walked(author_, hidden));
      if (!source || source->found.domain != judgement_.outcome.policy_domain) return failure->cause;
      if (decide_under(hidden).result != decision.result) return failure->cause;
    }
    return {};
  }

  void tell_alignments(const Decision& decision) {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      auto facts = alignment_facts(candidates_[i], decision.alignments[i], author_,
                                   judgement_.outcome.organizational_domain, strict(candidates_[i]));
      if (candidates_[i].is_spf)
        scope_.step("dmarc.spf_alignment", std::move(facts));
      else
        scope_.step("dmarc.dkim_alignment", std::move(facts));
    }
  }

  // What the record, not the author domain's own, would mean for a mail that fails.
  std::optional<Policy> applied_if(Existence existence) const {
    const auto asked = asked_policy(*judgement_.record, false, existence, true).policy;
    return asked && judgement_.testing ? lower(*asked) : asked;
  }

  void conclude(const Asked& asked, Existence existence) {
    auto decision = decide_under(Hidden::nothing);
    tell_alignments(decision);
    fill_identifiers(judgement_.outcome, candidates_, decision.alignments);
    auto cause = decisive_failure(decision);
    if (cause.empty() && decision.result == Result::fail && existence == Existence::unknown &&
        applied_if(Existence::exists) != applied_if(Existence::absent))
      cause = "existence_unknown";
    if (!cause.empty()) {
      decision.result = Result::temperror;
      decision.cause = cause;
    }
    auto& outcome = judgement_.outcome;
    outcome.result = decision.result;
    outcome.cause = decision.cause;
    if (decision.result == Result::fail)
      outcome.disposition = to_string(judgement_.testing ? lower(*asked.policy) : *asked.policy);
    scope_.step("dmarc.result", result_facts(outcome, &decision));
  }

  void finish_without_record(Result result, std::string cause) {
    judgement_.outcome.result = result;
    judgement_.outcome.cause = std::move(cause);
    fill_identifiers(judgement_.outcome, candidates_, {});
    scope_.step("dmarc.result", result_facts(judgement_.outcome, nullptr));
  }

  std::string author_;
  std::vector<Candidate> candidates_;
  Circumstances with_;
  trace::Scope scope_;
  Judgement judgement_;
};

}  // namespace

boost::asio::awaitable<Judgement> judge_rfc9989(std::string author, std::vector<Candidate> candidates,
                                                Circumstances with, trace::Scope scope) {
  Judge judge(std::move(author), std::move(candidates), with, scope);
  co_return co_await judge.run();
}

}  // namespace mailassay::dmarc
