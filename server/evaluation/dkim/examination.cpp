#include "evaluation/dkim/examination.h"

#include "evaluation/dkim/base64.h"

#include <utility>

namespace mailassay::dkim {
namespace {

using evaluation::Result;

// A step is for people: of a hostile h= the rest is counted, not shown.
constexpr std::size_t kShownNames = 100;

void tell_body_hash(trace::Scope scope, const Signature& signature, const BodyHash& body, bool match) {
  trace::Facts facts;
  facts.reserve(9);
  facts.push_back({"match", match});
  facts.push_back({"computed", encode_base64(body.digest)});
  facts.push_back({"expected", encode_base64(signature.body_hash)});
  facts.push_back({"canonicalization", to_string(signature.body_canonicalization)});
  facts.push_back({"algorithm", to_string(signature.hash)});
  facts.push_back({"octets", body.hashed});
  facts.push_back({"unsigned_octets", body.octets - body.hashed});
  if (signature.length) facts.push_back({"length", *signature.length});
  facts.push_back({"rfc", "6376 3.7"});
  scope.step("dkim.body_hash", std::move(facts));
}

// Which of several fields of a name was taken, counted from the bottom.
void note_instance(trace::List& instances, const Evidence& evidence, const Claim& claim, std::size_t entry) {
  const std::string_view name = claim.signature.signed_headers[entry];
  const std::size_t count = evidence.index.count(name);
  if (count < 2 || instances.size() == kShownNames) return;
  std::size_t instance = 1;
  const std::size_t shown = std::min(entry, kShownNames);
  for (std::size_t i = 0; i < shown; ++i)
    if (equals_without_case(claim.signature.signed_headers[i], name)) ++instance;
  instances.emplace_back(trace::Facts{{"name", name}, {"instance", instance}, {"of", count}});
}

void tell_header_hash(trace::Scope scope, const Claim& claim, const Evidence& evidence,
                      const HeaderInput& input, std::string_view digest) {
  const auto& names = claim.signature.signed_headers;
  trace::List present;
  trace::List missing;
  trace::List instances;
  const std::size_t shown = std::min(names.size(), kShownNames);
  present.reserve(shown);
  for (std::size_t i = 0; i < shown; ++i) {
    (input.fields[i] != nullptr ? present : missing).emplace_back(names[i]);
    if (input.fields[i] != nullptr) note_instance(instances, evidence, claim, i);
  }
  trace::Facts facts;
  facts.reserve(8);
  facts.push_back({"headers", std::move(present)});
  facts.push_back({"missing", std::move(missing)});
  facts.push_back({"instances", std::move(instances)});
  facts.push_back({"count", names.size()});
  facts.push_back({"canonicalization", to_string(claim.signature.header_canonicalization)});
  facts.push_back({"octets", input.octets.size()});
  facts.push_back({"hash", encode_base64(digest)});
  facts.push_back({"rfc", "6376 5.4.2"});
  scope.step("dkim.header_hash", std::move(facts));
}

bool is_expired(const Signature& signature, std::chrono::system_clock::time_point at) {
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
  return signature.expires_at && now >= 0 && static_cast<std::uint64_t>(now) > *signature.expires_at;
}

void decide(Finding& finding, const Signature& signature, const BodyHash& body, bool expired,
            const evaluation::Limits& limits) {
  const auto set = [&](Result result, std::string_view cause) {
    finding.result = result;
    finding.cause = cause;
  };
  if (signature.length && *signature.length > body.octets)
    return set(Result::permerror, "length_exceeds_body");
  if (!finding.body_matches) return set(Result::fail, "body_hash_mismatch");
  if (!finding.signature_matches) return set(Result::fail, "signature_mismatch");
  // RFC 8301: these verify, and must not count.
  if (signature.hash == Hash::sha1) return set(Result::policy, "sha1");
  if (signature.key_type == KeyType::rsa && finding.bits < limits.dkim_min_rsa_bits)
    return set(Result::policy, "key_too_short");
  if (expired) return set(Result::policy, "signature_expired");
  set(Result::pass, {});
}

}  // namespace

Claim::Claim(const message::Field& own, SignatureKind kind)
    : field(own), signature(parse_signature(own.value, kind)), signer(signer_of(signature)) {}

boost::asio::awaitable<Finding> examine(const Claim& claim, Evidence& evidence, dns::Resolver& resolver,
                                        trace::Scope scope, std::chrono::system_clock::time_point at,
                                        const evaluation::Limits& limits) {
  const Signature& signature = claim.signature;
  Finding finding;
  const BodyHash& body = evidence.bodies.of(signature);
  finding.body_matches = body.digest == signature.body_hash;
  tell_body_hash(scope, signature, body, finding.body_matches);

  FoundKey found = co_await find_key(signature, claim.signer, resolver, scope, limits);
  finding.bits = found.bits;
  finding.testing = found.testing;
  finding.key_records = found.records;
  finding.result = found.result;
  finding.cause = found.cause;
  if (!found.cause.empty()) co_return finding;

  const HeaderInput input = header_input(evidence.index, claim.field, signature);
  const std::string digest = hash_of(input.octets, signature.hash);
  tell_header_hash(scope, claim, evidence, input, digest);
  const auto [used, ok] = verify_with(found, signature, digest);
  finding.signature_matches = ok;
  finding.key = used->key;
  finding.bits = used->bits;
  finding.testing = used->testing;
  scope.step("dkim.verify", {{"ok", finding.signature_matches},
                             {"algorithm", signature.algorithm},
                             {"bits", finding.bits},
                             {"rfc", "6376 6.1.3"}});
  decide(finding, signature, body, is_expired(signature, at), limits);
  co_return finding;
}

}  // namespace mailassay::dkim
