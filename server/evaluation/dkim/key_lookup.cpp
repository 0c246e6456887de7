#include "evaluation/dkim/key_lookup.h"

#include "dns/name.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace mailassay::dkim {
namespace {

using evaluation::Result;

constexpr std::size_t kShownOctets = 2048;
// Each key costs a verification, and a mail may have many signatures.
constexpr std::size_t kKeysTried = 4;

FoundKey unusable(Result result, std::string_view cause) {
  FoundKey found;
  found.result = result;
  found.cause = cause;
  return found;
}

// Why there is no answer to look at; no cause if there is one.
FoundKey read_status(dns::Status status) {
  switch (status) {
    case dns::Status::records:
      return {};
    case dns::Status::nxdomain:
    case dns::Status::no_data:
      return unusable(Result::permerror, "no_key");
    case dns::Status::bad_name:
      return unusable(Result::permerror, "domain_invalid");
    case dns::Status::timeout:
      return unusable(Result::temperror, "dns_timeout");
    case dns::Status::refused:
      return unusable(Result::temperror, "dns_refused");
    case dns::Status::servfail:
      break;
  }
  return unusable(Result::temperror, "dns_servfail");
}

std::string_view refusal(const KeyCandidate& candidate, const Signature& signature, const Signer& signer,
                         const evaluation::Limits& limits) {
  const KeyRecord& record = candidate.record;
  if (record.fault) return record.fault->cause;
  if (record.key_type != signature.key_type) return "key_type_mismatch";
  if (!record.allows(signature.hash)) return "hash_not_allowed";
  if (!record.for_email()) return "service_not_email";
  if (record.has_flag("s") && signer.identity_domain != signer.domain) return "identity_mismatch";
  if (record.key_type == KeyType::rsa && candidate.bits > limits.dkim_max_rsa_bits) return "key_too_long";
  return {};
}

trace::List list_of(const std::vector<std::string_view>& words) {
  return {words.begin(), words.end()};
}

void tell_key(trace::Scope scope, const KeyCandidate& candidate, std::string_view cause,
              std::size_t records) {
  const KeyRecord& record = candidate.record;
  trace::Facts facts;
  facts.reserve(12);
  facts.push_back({"ok", cause.empty()});
  facts.push_back({"record", std::string_view(candidate.text).substr(0, kShownOctets)});
  facts.push_back({"records", records});
  facts.push_back({"key_type", record.key_type_text});
  facts.push_back({"bits", candidate.bits});
  facts.push_back({"flags", list_of(record.flags)});
  facts.push_back({"hashes", list_of(record.hashes)});
  facts.push_back({"services", list_of(record.services)});
  if (!record.notes.empty()) facts.push_back({"notes", record.notes});
  if (!cause.empty()) facts.push_back({"cause", cause});
  if (record.fault && !record.fault->why.empty()) facts.push_back({"why", record.fault->why});
  facts.push_back({"rfc", "6376 6.1.2"});
  scope.step("dkim.key", std::move(facts));
}

void tell_no_key(trace::Scope scope, const Signer& signer, std::string_view cause, dns::Status status) {
  scope.step("dkim.key", {{"ok", false},
                          {"cause", cause},
                          {"why", dns::to_string(status)},
                          {"name", signer.query_name},
                          {"rfc", "6376 6.1.2"}});
}

// "v=DKIM1\;": meant as a key record, though it begins with another version (section 3.6.1: discarded).
const KeyCandidate* meant_as_key(const KeySet& keys) {
  for (const auto& candidate : keys.candidates)
    if (candidate.record.foreign && dns::lower(candidate.text).find("dkim") != std::string::npos &&
        candidate.text.find("p=") != std::string::npos)
      return &candidate;
  return nullptr;
}

// Which of several records counts is left open (section 6.1.2): each that may be used is tried.
FoundKey judge(const KeySet& keys, const Signature& signature, const Signer& signer, trace::Scope scope,
               const evaluation::Limits& limits) {
  FoundKey found;
  const auto is_key = [](const KeyCandidate& candidate) { return !candidate.record.foreign; };
  found.records = static_cast<std::size_t>(std::ranges::count_if(keys.candidates, is_key));
  for (const auto& candidate : keys.candidates) {
    if (found.keys.size() == kKeysTried) break;
    if (!is_key(candidate) || !refusal(candidate, signature, signer, limits).empty()) continue;
    found.keys.push_back({candidate.key, candidate.bits, candidate.record.has_flag("y")});
    tell_key(scope, candidate, {}, found.records);
  }
  if (!found.keys.empty()) return found;
  found.result = Result::permerror;
  if (const auto* refused = choose(keys, signature.key_type)) {
    found.cause = refusal(*refused, signature, signer, limits);
    found.bits = refused->bits;
    found.testing = refused->record.has_flag("y");
    tell_key(scope, *refused, found.cause, found.records);
  } else if (const auto* meant = meant_as_key(keys)) {
    found.cause = "key_version_invalid";
    tell_key(scope, *meant, found.cause, found.records);
  } else {
    found.cause = "no_key";
    tell_no_key(scope, signer, found.cause, dns::Status::records);
  }
  return found;
}

}  // namespace

boost::asio::awaitable<FoundKey> find_key(const Signature& signature, const Signer& signer,
                                          dns::Resolver& resolver, trace::Scope scope,
                                          const evaluation::Limits& limits) {
  const auto place = scope.step("dkim.key_query", {{"name", signer.query_name}, {"rfc", "6376 3.6.2.1"}});
  const dns::AnswerPtr answer = co_await dns::ask(resolver, place, signer.query_name, dns::Type::TXT);
  FoundKey found = read_status(answer->status);
  if (found.cause.empty()) co_return judge(*keys_of(*answer), signature, signer, scope, limits);
  tell_no_key(scope, signer, found.cause, answer->status);
  co_return found;
}

Verified verify_with(const FoundKey& found, const Signature& signature, std::string_view digest) {
  for (const auto& usable : found.keys)
    if (usable.key->verify(signature.hash, digest, signature.signature)) return {&usable, true};
  return {&found.keys.front(), false};
}

}  // namespace mailassay::dkim
