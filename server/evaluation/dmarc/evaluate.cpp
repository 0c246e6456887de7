#include "evaluation/dmarc/evaluate.h"

#include "dns/idna.h"
#include "evaluation/dmarc/author.h"
#include "evaluation/dmarc/judgement.h"

#include <algorithm>

namespace mailassay::dmarc {
namespace {

using evaluation::Result;

std::string as_a_labels(const std::string& domain) {
  return dns::to_a_labels(domain).value_or(domain);
}

std::vector<Candidate> candidates_of(const std::optional<spf::Outcome>& spf,
                                     const std::vector<dkim::Outcome>& dkim) {
  std::vector<Candidate> candidates;
  const bool mail_from = spf && spf->identity == spf::Identity::mailfrom;  // section 4.4.2: HELO never counts
  candidates.push_back({.domain = mail_from ? as_a_labels(spf->domain) : std::string(),
                        .result = mail_from ? spf->result : Result::none,
                        .is_spf = true,
                        .selector = {},
                        .known = spf.has_value()});
  std::size_t number = 0;
  for (const auto& signature : dkim)
    candidates.push_back({.domain = as_a_labels(signature.domain),
                          .result = signature.result,
                          .signature = ++number,
                          .selector = signature.selector});
  return candidates;
}

trace::Facts from_facts(const Author& author) {
  const bool several = author.fields.size() > 1;
  return {{"field", author.fields.empty() ? trace::Value(nullptr) : trace::Value(author.fields.front())},
          {"fields", several ? trace::Value(author.fields) : trace::Value(nullptr)},
          {"domain", author.domains.empty() ? trace::Value(nullptr) : trace::Value(author.domains.front())},
          {"domains", author.domains},
          {"count", author.domains.size()},
          {"addresses", author.addresses},
          {"warnings", author.warnings},
          {"cause", author.cause.empty() ? trace::Value(nullptr) : trace::Value(author.cause)},
          {"rfc", "9989 5.3.1"}};
}

// Without an author domain there is nothing that DMARC could protect (RFC 9989 section 4.4).
Outcome unusable(const std::string& cause, const std::vector<Candidate>& candidates) {
  Outcome outcome;
  outcome.result = Result::permerror;
  outcome.cause = cause;
  outcome.disposition = "none";
  fill_identifiers(outcome, candidates, {});
  return outcome;
}

int severity(const std::string& policy) {
  return policy == "reject" ? 2 : policy == "quarantine" ? 1 : 0;
}

// The strictest failing policy counts (section 11.5); without a failure that has consequences, the least
// certain answer, which may hide one.
int weight(const Outcome& outcome) {
  switch (outcome.result) {
    case Result::fail:
      return (outcome.disposition == "none" ? 3 : 20) + 3 * severity(outcome.disposition) +
             severity(outcome.policy);
    case Result::permerror:
    case Result::temperror:
      return 10;
    case Result::none:
      return 2;
    default:
      return 1;
  }
}

std::size_t strictest(const std::vector<Judgement>& judgements) {
  const auto heavier = [](const Judgement& a, const Judgement& b) {
    return weight(a.outcome) < weight(b.outcome);
  };
  return static_cast<std::size_t>(std::max_element(judgements.begin(), judgements.end(), heavier) -
                                  judgements.begin());
}

// More author domains than are judged or read: what is unjudged might fail.
void note_unjudged(Outcome& outcome, const std::string& cause) {
  const bool decided = outcome.result == Result::fail && outcome.disposition != "none";
  if (cause.empty() || decided) return;
  outcome.result = Result::permerror;
  outcome.cause = cause;
}

trace::Scope place_of(const std::string& domain, bool several, trace::Scope scope) {
  return several ? scope.step("dmarc.author_domain", {{"domain", domain}, {"rfc", "9989 11.5"}}) : scope;
}

}  // namespace

void prefetch(const message::Message& mail, const std::vector<std::string>& identifiers,
              dns::Resolver& resolver, const evaluation::Limits& limits) {
  std::vector<std::string> domains;
  for (const auto& domain : author_of(mail).domains)
    if (static_cast<int>(domains.size()) < limits.dmarc_from_domains) domains.push_back(domain);
  const auto authors = domains.size();
  for (const auto& identifier : identifiers) {
    const auto domain = as_a_labels(identifier);
    const bool needed =
        std::any_of(domains.begin(), domains.begin() + static_cast<std::ptrdiff_t>(authors),
                    [&](const auto& author) { return needs_organizational_domain(domain, author, false); });
    const bool known = std::find(domains.begin(), domains.end(), domain) != domains.end();
    if (needed && !known && static_cast<int>(domains.size() - authors) < limits.dmarc_identifiers)
      domains.push_back(domain);
  }
  for (const auto& domain : domains) prefetch_walk(resolver, domain, limits.dmarc_tree_walk_queries);
}

boost::asio::awaitable<Outcomes> evaluate(const Author& author, const std::optional<spf::Outcome>& spf,
                                          const std::vector<dkim::Outcome>& dkim, dns::Resolver& resolver,
                                          trace::Scope scope, const evaluation::Limits& limits) {
  const auto candidates = candidates_of(spf, dkim);
  scope.step("dmarc.from", from_facts(author));
  if (author.domains.empty()) {
    const auto outcome = unusable(author.cause, candidates);
    scope.step("dmarc.result", result_facts(outcome, nullptr));
    co_return Outcomes{outcome, outcome, author.fields.size(), {}};
  }
  const auto judged =
      std::min(author.domains.size(), static_cast<std::size_t>(std::max(limits.dmarc_from_domains, 1)));
  const bool several = author.domains.size() > 1;
  if (several)
    scope.step("dmarc.several_domains", {{"domains", author.domains},
                                         {"count", author.domains.size()},
                                         {"judged", judged},
                                         {"limit", limits.dmarc_from_domains},
                                         {"rfc", "9989 11.5"}});
  Walker walker(resolver, limits.dmarc_tree_walk_queries);
  const Circumstances with{walker, resolver, limits, !several};
  std::vector<Judgement> now;
  std::vector<Judgement> before;
  for (std::size_t i = 0; i < judged; ++i) {
    const auto& domain = author.domains[i];
    const auto place = place_of(domain, several, scope);
    auto judgement = co_await judge_rfc9989(domain, candidates, with, place);
    now.push_back(std::move(judgement));
    judgement = co_await judge_rfc7489(domain, candidates, with, place);
    before.push_back(std::move(judgement));
    tell_differences(now.back(), before.back(), place);
  }
  const auto chosen = strictest(now);
  co_await check_report_destinations(now[chosen], with, scope);
  Outcomes outcomes{now[chosen].outcome, before[strictest(before)].outcome, author.fields.size(),
                    author.domains};
  const std::string unjudged = judged < author.domains.size() ? "too_many_from_domains"
                               : author.unread                ? "too_long"
                                                              : "";
  note_unjudged(outcomes.rfc9989, unjudged);
  note_unjudged(outcomes.rfc7489, unjudged);
  if (several || author.unread) scope.step("dmarc.several_result", result_facts(outcomes.rfc9989, nullptr));
  co_return outcomes;
}

}  // namespace mailassay::dmarc
