#include "evaluation/dkim/key_set.h"

#include <utility>

namespace mailassay::dkim {
namespace {

constexpr std::size_t kCandidates = 16;
constexpr std::size_t kEd25519Octets = 32;
// Verifying costs as much as signing if the exponent is as long as the modulus.
constexpr std::size_t kExponentOctets = 8;

std::string_view load_rsa(KeyCandidate& candidate) {
  const auto numbers = parse_rsa_key(candidate.record.key);
  if (!numbers) return "not_an_rsa_key";
  candidate.bits = numbers->bits;
  if (numbers->exponent.size() > kExponentOctets) return "exponent_too_long";
  candidate.key = PublicKey::from_rsa(*numbers);
  return candidate.key ? std::string_view{} : "not_an_rsa_key";
}

std::string_view load_ed25519(KeyCandidate& candidate) {
  if (candidate.record.key.size() != kEd25519Octets) return "not_32_octets";
  candidate.bits = 256;
  candidate.key = PublicKey::from_ed25519(candidate.record.key);
  return candidate.key ? std::string_view{} : "not_an_ed25519_key";
}

std::string_view load(KeyCandidate& candidate) {
  switch (candidate.record.key_type) {
    case KeyType::rsa:
      return load_rsa(candidate);
    case KeyType::ed25519:
      return load_ed25519(candidate);
    case KeyType::unknown:
      break;
  }
  return "key_type_unknown";
}

}  // namespace

KeyCandidate::KeyCandidate(std::string record_text)
    : text(std::move(record_text)), record(parse_key_record(text)) {
  if (record.fault) return;
  if (const auto why = load(*this); !why.empty()) record.fault = Fault{"key_invalid", "p", {}, why};
}

std::shared_ptr<const KeySet> keys_of(const dns::Answer& answer) {
  using Kept = std::shared_ptr<const KeySet>;
  if (const auto* kept = std::any_cast<Kept>(&answer.parsed)) return *kept;
  auto keys = std::make_shared<KeySet>();
  for (const auto& record : answer.records) {
    if (keys->candidates.size() == kCandidates) break;
    keys->candidates.emplace_back(record.text());
  }
  // A domain may publish one name for SPF and for DKIM: the first reader's stays.
  if (!answer.parsed.has_value()) answer.parsed = Kept(keys);
  return keys;
}

const KeyCandidate* choose(const KeySet& keys, KeyType wanted) {
  const KeyCandidate* best = nullptr;
  int best_rank = 0;
  for (const auto& candidate : keys.candidates) {
    const bool usable = !candidate.record.fault;
    const int rank = candidate.record.foreign ? 0 : !usable ? 1 : candidate.record.key_type != wanted ? 2 : 3;
    if (rank > best_rank) best = &candidate, best_rank = rank;
  }
  return best;
}

}  // namespace mailassay::dkim
