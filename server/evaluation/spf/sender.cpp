#include "evaluation/spf/sender.h"

#include "dns/idna.h"
#include "dns/name.h"
#include "evaluation/spf/ascii.h"

#include <algorithm>

namespace mailassay::spf {
namespace {

constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 253;

bool all_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_ascii);
}

}  // namespace

bool Sender::local_part_is_ascii() const {
  return all_ascii(local_part);
}

std::string_view domain_fault(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty()) return "domain_empty";
  if (domain.front() == '[') return "domain_literal";
  if (!std::all_of(domain.begin(), domain.end(), is_visible)) return "domain_character";
  if (domain.size() > kLongestName) return "domain_too_long";
  std::size_t labels = 0;
  std::string_view label;
  for (std::size_t start = 0; start <= domain.size(); start += label.size() + 1) {
    label = domain.substr(start, domain.find('.', start) - start);
    if (label.empty()) return "label_empty";
    if (label.size() > kLongestLabel) return "label_too_long";
    ++labels;
  }
  if (labels < 2) return "domain_single_label";
  const bool numeric = std::all_of(label.begin(), label.end(), is_digit);
  return numeric ? "domain_is_address" : std::string_view();
}

Sender sender_of(const Query& query) {
  Sender sender;
  sender.from_helo = query.identity == Identity::helo || query.mail_from.empty();
  const auto at = sender.from_helo ? std::string::npos : query.mail_from.rfind('@');
  const auto& source = sender.from_helo ? query.helo : query.mail_from;
  const auto domain =
      at == std::string::npos ? std::string_view(source) : std::string_view(source).substr(at + 1);
  sender.local_part = at == std::string::npos || at == 0 ? "postmaster" : query.mail_from.substr(0, at);
  const auto converted = dns::to_a_labels(domain);
  sender.domain_part =
      all_ascii(domain) || !converted ? std::string(dns::without_trailing_dot(domain)) : *converted;
  sender.domain = converted.value_or(sender.domain_part);
  sender.text = sender.local_part + '@' + sender.domain_part;
  sender.fault = converted ? domain_fault(sender.domain) : "domain_not_idna";
  return sender;
}

}  // namespace mailassay::spf
