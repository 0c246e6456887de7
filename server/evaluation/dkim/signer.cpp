#include "evaluation/dkim/signer.h"

#include "dns/idna.h"
#include "dns/name.h"

#include <algorithm>

namespace mailassay::dkim {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// sub-domain of RFC 5321 section 4.1.2; the underscore is not in it but in many a selector.
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && is_letter_or_digit(label.front()) &&
         is_letter_or_digit(label.back()) &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

// In A-labels; empty if it is no name of at least that many labels.
std::string name_of(std::string_view text, std::size_t least_labels) {
  const auto name = dns::to_a_labels(text);
  if (!name || name->size() > kLongestName || text.ends_with('.')) return {};
  const auto labels = dns::labels(*name);
  if (labels.size() < least_labels || !std::all_of(labels.begin(), labels.end(), is_label)) return {};
  return *name;
}

void read_identity(Signer& signer, const Signature& signature) {
  if (signature.identity.empty()) {
    if (!signer.domain.empty()) signer.identity = "@" + signer.domain;
    signer.identity_domain = signer.domain;
    return;
  }
  signer.identity = signature.identity;
  const std::string_view domain =
      std::string_view(signature.identity).substr(signature.identity.rfind('@') + 1);
  signer.identity_domain = name_of(domain, 2);
  // Whole labels: notexample.com is not below example.com.
  const bool below = dns::is_subdomain_or_equal(signer.identity_domain, signer.domain);
  if (!signer.fault && !below) signer.fault = Fault{"identity_mismatch", "i", signature.identity};
}

}  // namespace

Signer signer_of(const Signature& signature) {
  Signer signer;
  signer.fault = signature.fault;
  signer.domain = name_of(signature.domain, 2);
  signer.selector = name_of(signature.selector, 1);
  if (!signer.fault && signer.domain.empty()) signer.fault = Fault{"domain_invalid", "d", signature.domain};
  if (!signer.fault && signer.selector.empty())
    signer.fault = Fault{"domain_invalid", "s", signature.selector};
  read_identity(signer, signature);
  signer.query_name = signer.selector + "._domainkey." + signer.domain;
  return signer;
}

}  // namespace mailassay::dkim
