#include "evaluation/dkim/forensics.h"

#include <utility>

namespace mailassay::dkim {
namespace {

constexpr std::size_t kShownOctets = 256;

void tell(trace::Scope scope, std::string_view part, const std::optional<Explanation>& found,
          const Budget& budget, std::optional<bool> key_fits) {
  trace::Facts facts;
  facts.push_back({"part", part});
  facts.push_back({"found", found.has_value()});
  facts.push_back({"what", found               ? found->what
                           : key_fits == false ? std::string_view("another_key")
                                               : std::string_view("not_found")});
  if (found && !found->field.empty()) facts.push_back({"field", found->field});
  if (found && !found->before.empty()) facts.push_back({"before", found->before.substr(0, kShownOctets)});
  if (found && !found->after.empty()) facts.push_back({"after", found->after.substr(0, kShownOctets)});
  if (found && found->line > 0) facts.push_back({"line", found->line});
  if (found && found->lines > 0) facts.push_back({"lines", found->lines});
  if (key_fits) facts.push_back({"key_fits", *key_fits});
  facts.push_back({"attempts", budget.used});
  facts.push_back({"rfc", "6376 3.7"});
  scope.step("dkim.forensics", std::move(facts));
}

}  // namespace

bool Budget::take(std::size_t size) {
  if (used >= attempts || size > octets) return false;
  ++used;
  octets -= size;
  return true;
}

SignedDigest::SignedDigest(const Claim& claim, const PublicKey& key)
    : signature_(claim.signature),
      key_(key),
      digest_(key.recover_digest(signature_.hash, signature_.signature)) {}

bool SignedDigest::fits(std::string_view octets) const {
  const std::string digest = hash_of(octets, signature_.hash);
  if (signature_.key_type == KeyType::rsa) return digest_ == digest;
  return key_.verify(signature_.hash, digest, signature_.signature);
}

std::optional<bool> SignedDigest::made_by_this_key() const {
  if (signature_.key_type != KeyType::rsa) return std::nullopt;
  return digest_.has_value();
}

void investigate(trace::Scope scope, const Claim& claim, const Evidence& evidence, const Finding& finding) {
  Budget budget;
  if (!finding.body_matches) {
    const auto found = explain_body(evidence.mail, claim.signature, budget);
    tell(scope, "body", found, budget, std::nullopt);
    return;
  }
  if (!finding.key) return;
  // RSA tells the digest that was signed; with other keys each attempt is a verification.
  if (claim.signature.key_type != KeyType::rsa) budget.attempts = 300;
  const SignedDigest digest(claim, *finding.key);
  const auto key_fits = digest.made_by_this_key();
  std::optional<Explanation> found;
  if (key_fits != false) found = explain_header(claim, evidence, digest, budget);
  tell(scope, "header", found, budget, key_fits);
}

}  // namespace mailassay::dkim
