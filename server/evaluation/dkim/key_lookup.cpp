#include "evaluation/dkim/key_lookup.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace mailassay::dkim {
namespace {

using evaluation::Result;

constexpr std::size_t kShownOctets = 2048;

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

FoundKey judge(const KeyCandidate& candidate, const Signature& signature, const Signer& signer,
               const evaluation::Limits& limits) {
  FoundKey found;
  found.bits = candidate.bits;
  found.testing = candidate.record.has_flag("y");
  found.cause = refusal(candidate, signature, signer, limits);
  if (found.cause.empty())
    found.key = candidate.key;
  else
    found.result = Result::permerror;
  return found;
}

trace::List list_of(const std::vector<std::string_view>& words) {
  return {words.begin(), words.end()};
}

void tell_key(trace::Scope scope, const KeyCandidate& candidate, const FoundKey& found, std::size_t records) {
  const KeyRecord& record = candidate.record;
  trace::Facts facts;
  facts.reserve(12);
  facts.push_back({"ok", found.cause.empty()});
  facts.push_back({"record", std::string_view(candidate.text).substr(0, kShownOctets)});
  facts.push_back({"records", records});
  facts.push_back({"key_type", record.key_type_text});
  facts.push_back({"bits", candidate.bits});
  facts.push_back({"flags", list_of(record.flags)});
  facts.push_back({"hashes", list_of(record.hashes)});
  facts.push_back({"services", list_of(record.services)});
  if (!record.notes.empty()) facts.push_back({"notes", record.notes});
  if (!found.cause.empty()) facts.push_back({"cause", found.cause});
  if (record.fault && !record.fault->why.empty()) facts.push_back({"why", record.fault->why});
  facts.push_back({"rfc", "6376 6.1.2"});
  scope.step("dkim.key", std::move(facts));
}

}  // namespace

boost::asio::awaitable<FoundKey> find_key(const Signature& signature, const Signer& signer,
                                          dns::Resolver& resolver, trace::Scope scope,
                                          const evaluation::Limits& limits) {
  const auto place = scope.step("dkim.key_query", {{"name", signer.query_name}, {"rfc", "6376 3.6.2.1"}});
  const dns::AnswerPtr answer = co_await dns::ask(resolver, place, signer.query_name, dns::Type::TXT);
  FoundKey found = read_status(answer->status);
  if (found.cause.empty()) {
    const auto keys = keys_of(*answer);
    if (const KeyCandidate* candidate = choose(*keys, signature.key_type)) {
      found = judge(*candidate, signature, signer, limits);
      tell_key(scope, *candidate, found, keys->candidates.size());
      co_return found;
    }
    found = unusable(Result::permerror, "no_key");
  }
  scope.step("dkim.key", {{"ok", false},
                          {"cause", found.cause},
                          {"why", dns::to_string(answer->status)},
                          {"name", signer.query_name},
                          {"rfc", "6376 6.1.2"}});
  co_return found;
}

}  // namespace mailassay::dkim
