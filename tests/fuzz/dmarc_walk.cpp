// A From field, domains that SPF and DKIM passed, and a zone of DMARC records out of the input's lines: the
// walks stay within their bound, and what is told holds together.
#include "evaluation/dmarc/evaluate.h"
#include "fuzz/lines.h"
#include "support/run.h"

#include <cstdint>

using namespace mailassay;
using evaluation::Result;
using fuzz::require;

namespace {

constexpr int kDomains = 10;  // of authors, of identifiers, of report destinations
constexpr int kWalk = 8;      // RFC 9989 section 4.10
constexpr int kMost = kDomains * (3 * kWalk + 5);

bool counts(const dmarc::Identifier& identifier) {
  return identifier.aligned && identifier.result == Result::pass;
}

bool is_policy(const std::string& word) {
  return word == "none" || word == "quarantine" || word == "reject";
}

void check(const dmarc::Outcome& outcome) {
  bool any = counts(outcome.spf);
  for (const auto& identifier : outcome.dkim) any = any || counts(identifier);
  const auto result = outcome.result;
  require(result == Result::none || result == Result::pass || result == Result::fail ||
          result == Result::temperror || result == Result::permerror);
  if (result == Result::pass) require(any && outcome.disposition == "none");
  if (result == Result::fail) require(!any && is_policy(outcome.policy));
  if (result != Result::pass) require(!outcome.cause.empty());
  require(outcome.policy.empty() || is_policy(outcome.policy));
  require(is_policy(outcome.disposition));
  require(outcome.policy_domain.empty() != outcome.record.has_value());
  for (const auto& above : {outcome.policy_domain, outcome.organizational_domain})
    require(dns::is_subdomain_or_equal(outcome.from_domain, above));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const message::Message mail("From: " + std::string(fuzz::take_line(rest)) + "\r\n\r\n");
  spf::Outcome spf;
  spf.domain = fuzz::take_line(rest);
  spf.result = spf.domain.size() % 2 == 0 ? Result::pass : Result::fail;
  std::vector<dkim::Outcome> dkim(2);
  for (auto& signature : dkim) signature.domain = fuzz::take_line(rest);
  dkim[0].result = Result::pass;
  dkim[1].result = Result::temperror;
  fuzz::LineResolver resolver(rest);
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto outcomes = test::run(
      dmarc::evaluate(dmarc::author_of(mail), spf, dkim, resolver, {&recorder, trace::Phase::dmarc}, limits));
  check(outcomes.rfc9989);
  check(outcomes.rfc7489);
  require(resolver.queries <= kMost);
  return 0;
}
