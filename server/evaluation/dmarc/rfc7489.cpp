// RFC 7489's answer, which most receivers still give: the public suffix list instead of the tree walk.
#include "evaluation/dmarc/judgement.h"
#include "evaluation/dmarc/psl.h"

namespace mailassay::dmarc {
namespace {

using evaluation::Result;

class Judge {
 public:
  Judge(std::string author, std::vector<Candidate> candidates, Circumstances with, trace::Scope scope)
      : author_(std::move(author)), candidates_(std::move(candidates)), with_(with), scope_(scope) {
    auto& outcome = judgement_.outcome;
    outcome.from_domain = author_;
    outcome.organizational_domain = organizational_domain_by_list(author_);
    outcome.disposition = "none";
  }

  boost::asio::awaitable<Judgement> run() {
    auto& outcome = judgement_.outcome;
    scope_ = scope_.step("dmarc.rfc7489", {{"from_domain", author_},
                                           {"organizational_domain", outcome.organizational_domain},
                                           {"rfc", "7489 3.2"}});
    co_await with_.walker.look_up(author_, scope_);
    const Published* published = &with_.walker.tree().at(author_);
    std::string source = author_;
    const bool look_above = published->state == Published::State::none && published->records == 0 &&
                            outcome.organizational_domain != author_;
    if (look_above) {  // section 6.6.3, step 3
      source = outcome.organizational_domain;
      co_await with_.walker.look_up(source, scope_);
      published = &with_.walker.tree().at(source);
    }
    apply(source, *published);
    co_return std::move(judgement_);
  }

 private:
  void apply(const std::string& source, const Published& published) {
    if (published.state == Published::State::failed) return finish(Result::temperror, published.cause);
    if (!published.record)
      return finish(Result::none, published.records > 1 ? "several_records" : "no_record");
    const auto& record = *published.record;
    judgement_.record = record;
    auto& outcome = judgement_.outcome;
    outcome.policy_domain = source;
    outcome.record = record.text;
    judgement_.source_why = source == author_ ? "author_domain" : "organizational_domain";
    const auto asked = asked_policy(record, source == author_, Existence::exists, false);
    judgement_.tag = asked.tag;
    if (asked.policy) outcome.policy = to_string(*asked.policy);
    scope_.step("dmarc.rfc7489_record",
                {{"domain", source},
                 {"text", record.text},
                 {"tag", asked.tag.empty() ? trace::Value(nullptr) : asked.tag},
                 {"policy", asked.policy ? trace::Value(outcome.policy) : trace::Value(nullptr)},
                 {"why", asked.why},
                 {"rfc", "7489 6.6.3"}});
    if (!asked.policy) return finish(Result::none, "record_invalid");
    if (record.pct != 100)
      scope_.step("dmarc.rfc7489_pct", {{"pct", record.pct},
                                        {"policy", outcome.policy},
                                        {"otherwise", to_string(lower(*asked.policy))},
                                        {"rfc", "7489 6.6.4"}});
    decide_by(record, *asked.policy);
  }

  void decide_by(const Record& record, Policy policy) {
    auto& outcome = judgement_.outcome;
    const auto decision =
        decide(candidates_, author_, record.strict_spf, record.strict_dkim, organizational_domain_by_list);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const auto& alignment = decision.alignments[i];
      scope_.step(
          "dmarc.rfc7489_alignment",
          {{"identifier", candidates_[i].is_spf ? "spf" : "dkim"},
           {"domain", candidates_[i].domain},
           {"from_domain", author_},
           {"result", evaluation::to_string(candidates_[i].result)},
           {"aligned", candidates_[i].known ? trace::Value(alignment.aligned) : trace::Value(nullptr)},
           {"why", alignment.why},
           {"rfc", "7489 3.1"}});
    }
    fill_identifiers(outcome, candidates_, decision.alignments);
    outcome.result = decision.result;
    outcome.cause = decision.cause;
    // Of pct=0 no mail is left to which the policy itself applies (section 6.6.4).
    if (decision.result == Result::fail)
      outcome.disposition = to_string(record.pct == 0 ? lower(policy) : policy);
    scope_.step("dmarc.rfc7489_result", facts(&decision));
  }

  // What aligns does so without a record too (section 3.1), as the record's defaults have it.
  void finish(Result result, std::string cause) {
    const auto& record = judgement_.record;
    const auto decision = decide(candidates_, author_, record && record->strict_spf,
                                 record && record->strict_dkim, organizational_domain_by_list);
    judgement_.outcome.result = result;
    judgement_.outcome.cause = std::move(cause);
    fill_identifiers(judgement_.outcome, candidates_, decision.alignments);
    scope_.step("dmarc.rfc7489_result", facts(nullptr));
  }

  trace::Facts facts(const Decision* decision) const {
    auto facts = result_facts(judgement_.outcome, decision);
    facts.back().value = "7489 6.6.2";
    return facts;
  }

  std::string author_;
  std::vector<Candidate> candidates_;
  Circumstances with_;
  trace::Scope scope_;
  Judgement judgement_;
};

}  // namespace

boost::asio::awaitable<Judgement> judge_rfc7489(std::string author, std::vector<Candidate> candidates,
                                                Circumstances with, trace::Scope scope) {
  Judge judge(std::move(author), std::move(candidates), with, scope);
  co_return co_await judge.run();
}

}  // namespace mailassay::dmarc
