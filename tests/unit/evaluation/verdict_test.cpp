#include "evaluation/verdict.h"

#include "support/steps.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

// DMARC's result, with the identifiers as "result aligned".
Report judged(Result dmarc, dmarc::Identifier spf, std::vector<dmarc::Identifier> signatures,
              std::string cause = "") {
  Report report;
  report.spf = spf::Outcome{};
  report.spf->result = spf.result;
  report.spf->domain = spf.domain;
  report.dkim.emplace();
  for (const auto& signature : signatures) {
    report.dkim->emplace_back();
    report.dkim->back().result = signature.result;
    report.dkim->back().domain = signature.domain;
  }
  report.arc = arc::Outcome{};
  report.dmarc.emplace();
  auto& outcome = report.dmarc->rfc9989;
  outcome.result = dmarc;
  outcome.from_domain = "example.com";
  outcome.policy = "reject";
  outcome.disposition = dmarc == Result::fail ? "reject" : "none";
  outcome.spf = std::move(spf);
  outcome.dkim = std::move(signatures);
  outcome.cause = std::move(cause);
  return report;
}

std::string fact(const Report& report, std::string_view key) {
  trace::Recorder recorder;
  tell_verdict(report, {&recorder, trace::Phase::dmarc});
  EXPECT_EQ(recorder.steps().size(), 1U);
  EXPECT_EQ(recorder.steps().front().kind, "verdict");
  EXPECT_EQ(recorder.steps().front().phase, trace::Phase::verdict);
  return test::fact(recorder, "verdict", key);
}

const dmarc::Identifier kOurs{"example.com", Result::pass, true};
const dmarc::Identifier kOursFailed{"example.com", Result::fail, true};
const dmarc::Identifier kOthers{"esp.example", Result::pass, false};

TEST(Verdict, SaysWhyItPassed) {
  EXPECT_EQ(fact(judged(Result::pass, kOurs, {kOthers, kOurs}), "because"), "both_aligned");
  EXPECT_EQ(fact(judged(Result::pass, kOurs, {kOthers, kOursFailed}), "because"), "spf_aligned");
  EXPECT_EQ(fact(judged(Result::pass, kOurs, {}), "because"), "spf_aligned");
  EXPECT_EQ(fact(judged(Result::pass, kOthers, {kOurs}), "because"), "dkim_aligned");
  EXPECT_EQ(fact(judged(Result::pass, kOursFailed, {kOurs}), "because"), "dkim_aligned");
}

TEST(Verdict, SaysWhyItDidNot) {
  EXPECT_EQ(fact(judged(Result::fail, kOthers, {kOursFailed}, "nothing_aligned"), "because"),
            "nothing_aligned");
  EXPECT_EQ(fact(judged(Result::fail, kOursFailed, {}, "nothing_passed"), "because"), "nothing_passed");
  EXPECT_EQ(fact(judged(Result::none, kOurs, {}, "no_record"), "because"), "no_record");
  EXPECT_EQ(fact(judged(Result::none, kOurs, {}, "record_invalid"), "because"), "record_invalid");
  EXPECT_EQ(fact(judged(Result::temperror, kOthers, {}, "dns_timeout"), "because"), "uncertain");
  EXPECT_EQ(fact(judged(Result::permerror, kOthers, {}, "no_from"), "because"), "from_unusable");
}

TEST(Verdict, NamesTheDomainsThatPassedAndThoseThatCount) {
  const auto report = judged(Result::pass, kOthers, {kOthers, kOursFailed, kOurs});
  EXPECT_EQ(fact(report, "dkim_domains"), "esp.example,example.com");
  EXPECT_EQ(fact(report, "dkim_aligned_domains"), "example.com");
  EXPECT_EQ(fact(report, "dkim_aligned"), "true");
  EXPECT_EQ(fact(report, "spf_aligned"), "false");
  EXPECT_EQ(fact(report, "spf_domain"), "esp.example");
  // As spf_aligned: a fact beside the result, of the signatures whose word is shown.
  EXPECT_EQ(fact(judged(Result::fail, kOurs, {kOursFailed}, "nothing_passed"), "dkim_aligned"), "true");
  EXPECT_EQ(fact(judged(Result::fail, kOthers, {kOthers, kOursFailed}, "nothing_aligned"), "dkim_aligned"),
            "false");
}

TEST(Verdict, ShowsTheBestSignature) {
  const auto best = [](std::vector<Result> results) {
    std::vector<dmarc::Identifier> signatures;
    for (const auto result : results) signatures.push_back({"example.com", result, true});
    return fact(judged(Result::fail, kOthers, std::move(signatures), "nothing_aligned"), "dkim");
  };
  EXPECT_EQ(best({}), "none");
  EXPECT_EQ(best({Result::fail, Result::pass}), "pass");
  EXPECT_EQ(best({Result::fail, Result::policy, Result::temperror}), "policy");
  EXPECT_EQ(best({Result::fail, Result::permerror, Result::temperror}), "temperror");
  EXPECT_EQ(best({Result::fail, Result::permerror}), "permerror");
  EXPECT_EQ(best({Result::fail}), "fail");
}

TEST(Verdict, WithoutAnAddressSpfAndIprevAreNull) {
  auto report = judged(Result::pass, {}, {kOurs});
  report.spf.reset();
  EXPECT_EQ(fact(report, "spf"), "null");
  EXPECT_EQ(fact(report, "spf_domain"), "null");
  EXPECT_EQ(fact(report, "iprev"), "null");
  EXPECT_EQ(fact(report, "dmarc_rfc7489"), "none");
}

}  // namespace
}  // namespace mailassay::evaluation
