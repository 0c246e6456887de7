#include "evaluation/dkim/verify.h"

#include "evaluation/dkim/examination.h"
#include "evaluation/dkim/forensics.h"
#include "evaluation/dkim/warnings.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace mailassay::dkim {
namespace {

using evaluation::Result;

constexpr std::string_view kFieldName = "DKIM-Signature";
constexpr std::size_t kShownNames = 100;

// The characters of b= without white space.
std::string signature_text(const Signature& signature) {
  std::string text;
  if (const Tag* tag = signature.tags.find("b"))
    std::copy_if(tag->value.begin(), tag->value.end(), std::back_inserter(text),
                 [](char c) { return !is_fws(c); });
  return text;
}

// RFC 6008 section 3: at least eight characters, more where two signatures begin alike.
void shorten_signatures(std::vector<Outcome>& outcomes) {
  constexpr std::size_t kEnough = 8;
  std::vector<std::string> whole;
  for (const auto& outcome : outcomes) whole.push_back(outcome.signature);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto alike = std::count_if(whole.begin(), whole.end(), [&](const std::string& other) {
      return other != whole[i] && other.substr(0, kEnough) == whole[i].substr(0, kEnough);
    });
    if (alike == 0) outcomes[i].signature.resize(std::min(whole[i].size(), kEnough));
  }
}

std::string canonicalization_of(const Signature& signature) {
  std::string text(to_string(signature.header_canonicalization));
  text += '/';
  text += to_string(signature.body_canonicalization);
  return text;
}

trace::Scope tell_signature(trace::Scope scope, const Claim& claim, std::size_t index) {
  const Signature& signature = claim.signature;
  const std::size_t shown = std::min(signature.signed_headers.size(), kShownNames);
  trace::Facts facts;
  facts.reserve(11);
  facts.push_back({"index", index});
  facts.push_back({"domain", claim.signer.domain.empty() ? signature.domain : claim.signer.domain});
  facts.push_back({"selector", claim.signer.selector.empty() ? signature.selector : claim.signer.selector});
  facts.push_back({"identity", claim.signer.identity});
  facts.push_back({"algorithm", signature.algorithm});
  facts.push_back({"canonicalization", canonicalization_of(signature)});
  facts.push_back(
      {"signed_headers", trace::List(signature.signed_headers.begin(),
                                     signature.signed_headers.begin() + static_cast<std::ptrdiff_t>(shown))});
  if (signature.signed_at) facts.push_back({"signed_at", *signature.signed_at});
  if (signature.expires_at) facts.push_back({"expires_at", *signature.expires_at});
  if (signature.length) facts.push_back({"length", *signature.length});
  facts.push_back({"rfc", "6376 3.5"});
  return scope.step("dkim.signature", std::move(facts));
}

void tell_fault(trace::Scope scope, const Fault& fault) {
  constexpr std::size_t kShownOctets = 256;
  scope.step("dkim.tags", {{"cause", fault.cause},
                           {"tag", fault.tag},
                           {"text", fault.text.substr(0, kShownOctets)},
                           {"why", fault.why.empty() ? trace::Value(nullptr) : trace::Value(fault.why)},
                           {"rfc", "6376 6.1.1"}});
}

Outcome outcome_of(const Claim& claim) {
  Outcome outcome;
  outcome.domain = claim.signer.domain;
  outcome.selector = claim.signer.selector;
  outcome.identity = claim.signer.identity;
  outcome.algorithm = claim.signature.algorithm;
  outcome.signature = signature_text(claim.signature);
  outcome.has_length = claim.signature.length.has_value();
  return outcome;
}

void add_finding(Outcome& outcome, const Finding& finding) {
  outcome.result = finding.result;
  outcome.cause = finding.cause;
  outcome.key_bits = finding.bits;
  outcome.testing = finding.testing;
  outcome.body_hash = finding.body_matches ? "match" : "mismatch";
}

void tell_result(trace::Scope scope, const Outcome& outcome, std::size_t index) {
  scope.step("dkim.result",
             {{"index", index},
              {"domain", outcome.domain},
              {"selector", outcome.selector},
              {"result", evaluation::to_string(outcome.result)},
              {"cause", outcome.cause.empty() ? trace::Value(nullptr) : trace::Value(outcome.cause)},
              {"testing", outcome.testing},
              {"rfc", "8601 2.7.1"}});
}

}  // namespace

boost::asio::awaitable<std::vector<Outcome>> verify(const message::Message& mail, dns::Resolver& resolver,
                                                    trace::Scope scope,
                                                    std::chrono::system_clock::time_point at,
                                                    const evaluation::Limits& limits) {
  std::vector<Outcome> outcomes;
  auto fields = mail.all(kFieldName);
  if (fields.empty()) {
    scope.step("dkim.none", {{"rfc", "6376 6.1"}});
    co_return outcomes;
  }
  const auto limit = static_cast<std::size_t>(limits.dkim_signatures);
  if (fields.size() > limit) {
    scope.step("dkim.too_many_signatures", {{"found", fields.size()}, {"limit", limit}, {"rfc", "6376 6.1"}});
    fields.resize(limit);
  }
  Evidence evidence(mail);
  std::deque<Claim> claims;
  for (const auto* field : fields) {
    const Claim& claim = claims.emplace_back(*field, SignatureKind::dkim);
    if (!claim.signer.fault) resolver.prefetch(claim.signer.query_name, dns::Type::TXT);
  }
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Claim& claim = claims[i];
    const trace::Scope place = tell_signature(scope, claim, i);
    Outcome outcome = outcome_of(claim);
    if (claim.signer.fault) {
      tell_fault(place, *claim.signer.fault);
      outcome.result = Result::permerror;
      outcome.cause = claim.signer.fault->cause;
    } else {
      const Finding finding = co_await examine(claim, evidence, resolver, place, at, limits);
      add_finding(outcome, finding);
      if (finding.result == Result::fail) investigate(place, claim, evidence, finding);
      tell_warnings(place, claim, evidence, finding, at);
    }
    tell_result(place, outcome, i);
    outcomes.push_back(std::move(outcome));
  }
  shorten_signatures(outcomes);
  co_return outcomes;
}

std::optional<Canonical> canonical(const message::Message& mail, std::size_t index) {
  const auto fields = mail.all(kFieldName);
  if (index >= fields.size()) return std::nullopt;
  const Signature signature = parse_signature(fields[index]->value, SignatureKind::dkim);
  if (signature.fault) return std::nullopt;
  Canonical canonical;
  canonical_body(mail.body(), signature.body_canonicalization,
                 [&](std::string_view piece) { canonical.body.append(piece); });
  if (signature.length && *signature.length < canonical.body.size()) canonical.body.resize(*signature.length);
  canonical.header = header_input(FieldIndex(mail.fields()), *fields[index], signature).octets;
  return canonical;
}

}  // namespace mailassay::dkim
