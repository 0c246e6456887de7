#include "intake/recipient_address.h"

#include "dns/idna.h"

#include <algorithm>

namespace mailassay::intake {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

std::string canonical_domain(std::string_view domain) {
  return dns::to_a_labels(domain).value_or(lower(domain));
}

std::string canonical_local_part(std::string_view local_part) {
  if (local_part.size() >= 2 && local_part.front() == '"' && local_part.back() == '"')
    local_part = local_part.substr(1, local_part.size() - 2);
  return lower(local_part.substr(0, local_part.find('+')));
}

}  // namespace

RecipientAddress read_recipient(std::string_view mailbox, std::span<const std::string> domains) {
  using Kind = RecipientAddress::Kind;
  const auto at = mailbox.rfind('@');
  RecipientAddress address;
  address.local_part = canonical_local_part(mailbox.substr(0, at));
  if (at == std::string_view::npos) {
    if (address.local_part == "postmaster") address.kind = Kind::postmaster;
    return address;
  }
  address.domain = canonical_domain(mailbox.substr(at + 1));
  const auto is_ours = [&](const std::string& ours) { return canonical_domain(ours) == address.domain; };
  if (std::ranges::none_of(domains, is_ours)) return address;
  address.kind = address.local_part == "postmaster" ? Kind::postmaster : Kind::inbox;
  return address;
}

}  // namespace mailassay::intake
