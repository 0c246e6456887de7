#include "evaluation/arc/validate.h"

#include "evaluation/arc/sets.h"
#include "evaluation/dkim/base64.h"
#include "evaluation/dkim/key_lookup.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace mailassay::arc {
namespace {

using dkim::Claim;
using evaluation::Result;

constexpr auto kRelaxed = dkim::Canonicalization::relaxed;

trace::Value or_null(std::string_view text) {
  return text.empty() ? trace::Value(nullptr) : trace::Value(text);
}

trace::Scope tell_set(trace::Scope scope, const Set& set) {
  const auto domain = [](const Claim* claim) { return claim == nullptr ? "" : claim->signer.domain; };
  return scope.step("arc.set",
                    {{"instance", set.instance},
                     {"sealed_by", or_null(domain(set.seal))},
                     {"signed_by", or_null(domain(set.message_signature))},
                     {"cv", or_null(set.cv)},
                     {"results", set.results == nullptr ? trace::Value(nullptr)
                                                        : trace::Value(dkim::trim_fws(set.results->value))},
                     {"rfc", "8617 4.2"}});
}

// Section 5.1.1: all sets up to this one, each as results, message signature, seal; the last seal with b=
// emptied.
std::string seal_input(const Chain& chain, std::size_t last) {
  std::string input;
  for (std::size_t i = 0; i <= last; ++i) {
    const Set& set = chain.sets[i];
    dkim::append_canonical_field(input, set.results->raw, kRelaxed);
    dkim::append_canonical_field(input, set.message_signature->field.raw, kRelaxed);
    if (i < last)
      dkim::append_canonical_field(input, set.seal->field.raw, kRelaxed);
    else
      dkim::append_own_field(input, set.seal->field, set.seal->signature);
  }
  return input;
}

// Why a signature that verifies does not count (RFC 8301); empty if it does.
std::string_view too_weak(const Claim& claim, int bits, const evaluation::Limits& limits) {
  if (claim.signature.hash == dkim::Hash::sha1) return "sha1";
  if (claim.signature.key_type == dkim::KeyType::rsa && bits < limits.dkim_min_rsa_bits)
    return "key_too_short";
  return {};
}

// The cause, empty if the seal holds.
boost::asio::awaitable<std::string_view> check_seal(const Chain& chain, std::size_t i,
                                                    dns::Resolver& resolver, trace::Scope scope,
                                                    const evaluation::Limits& limits) {
  const Claim& claim = *chain.sets[i].seal;
  const auto place = scope.step("arc.seal", {{"instance", chain.sets[i].instance},
                                             {"domain", claim.signer.domain},
                                             {"selector", claim.signer.selector},
                                             {"algorithm", claim.signature.algorithm},
                                             {"cv", chain.sets[i].cv},
                                             {"rfc", "8617 4.1.3"}});
  const dkim::FoundKey found =
      co_await dkim::find_key(claim.signature, claim.signer, resolver, place, limits);
  if (!found.cause.empty()) co_return found.cause;
  const std::string input = seal_input(chain, i);
  const std::string digest = dkim::hash_of(input, claim.signature.hash);
  const auto [used, ok] = dkim::verify_with(found, claim.signature, digest);
  place.step("dkim.verify", {{"ok", ok},
                             {"algorithm", claim.signature.algorithm},
                             {"bits", used->bits},
                             {"hash", dkim::encode_base64(digest)},
                             {"octets", input.size()},
                             {"rfc", "8617 5.1.1"}});
  co_return ok ? too_weak(claim, used->bits, limits) : "seal_mismatch";
}

boost::asio::awaitable<std::string_view> check_message_signature(const Set& set, dkim::Evidence& evidence,
                                                                 dns::Resolver& resolver, trace::Scope scope,
                                                                 trace::TimePoint at,
                                                                 const evaluation::Limits& limits) {
  const Claim& claim = *set.message_signature;
  const auto place = scope.step("arc.message_signature",
                                {{"instance", set.instance},
                                 {"domain", claim.signer.domain},
                                 {"selector", claim.signer.selector},
                                 {"algorithm", claim.signature.algorithm},
                                 {"signed_headers", trace::List(claim.signature.signed_headers.begin(),
                                                                claim.signature.signed_headers.end())},
                                 {"rfc", "8617 4.1.2"}});
  const dkim::Finding finding = co_await dkim::examine(claim, evidence, resolver, place, at, limits);
  co_return finding.cause;
}

void tell_result(trace::Scope scope, const Outcome& outcome) {
  scope.step("arc.result", {{"result", evaluation::to_string(outcome.result)},
                            {"instances", outcome.instances},
                            {"cause", or_null(outcome.cause)},
                            {"why", "information_only"},
                            {"rfc", "8617 5.2"}});
}

void tell_fault(trace::Scope scope, const Chain& chain) {
  constexpr std::size_t kShownOctets = 256;
  scope.step("arc.fault", {{"instance", chain.fault_instance == 0 ? trace::Value(nullptr)
                                                                  : trace::Value(chain.fault_instance)},
                           {"cause", chain.fault->cause},
                           {"tag", or_null(chain.fault->tag)},
                           {"text", chain.fault->text.substr(0, kShownOctets)},
                           {"why", or_null(chain.fault->why)},
                           {"rfc", "8617 5.2"}});
}

void prefetch_keys(const Chain& chain, dns::Resolver& resolver) {
  resolver.prefetch(chain.sets.back().message_signature->signer.query_name, dns::Type::TXT);
  for (const Set& set : chain.sets) resolver.prefetch(set.seal->signer.query_name, dns::Type::TXT);
}

// Section 5.2 steps 4 and 6: the newest message signature, then every seal, from the newest.
boost::asio::awaitable<std::string_view> check_signatures(const Chain& chain,
                                                          const std::vector<trace::Scope>& places,
                                                          const message::Message& mail,
                                                          dns::Resolver& resolver, trace::TimePoint at,
                                                          const evaluation::Limits& limits) {
  prefetch_keys(chain, resolver);
  dkim::Evidence evidence(mail);
  std::string_view cause =
      co_await check_message_signature(chain.sets.back(), evidence, resolver, places.back(), at, limits);
  for (std::size_t i = chain.sets.size(); i-- > 0 && cause.empty();)
    cause = co_await check_seal(chain, i, resolver, places[i], limits);
  co_return cause;
}

}  // namespace

boost::asio::awaitable<Outcome> validate(const message::Message& mail, dns::Resolver& resolver,
                                         trace::Scope scope, std::chrono::system_clock::time_point at,
                                         const evaluation::Limits& limits) {
  Outcome outcome;
  const Chain chain = collect(mail, limits.arc_instances);
  if (!chain.present()) {
    scope.step("arc.none", {{"why", "information_only"}, {"rfc", "8617 5.2"}});
    co_return outcome;
  }
  outcome.instances = static_cast<int>(chain.sets.size());
  std::vector<trace::Scope> places;
  for (const Set& set : chain.sets) places.push_back(tell_set(scope, set));
  if (chain.fault) {
    tell_fault(scope, chain);
    outcome.cause = chain.fault->cause;
  } else {
    const std::string_view cause = co_await check_signatures(chain, places, mail, resolver, at, limits);
    outcome.cause = cause;
  }
  outcome.result = outcome.cause.empty() ? Result::pass : Result::fail;
  tell_result(scope, outcome);
  co_return outcome;
}

}  // namespace mailassay::arc
