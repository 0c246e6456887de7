#include "message/envelope.h"

#include <string_view>

namespace mailassay::message {

std::string domain_of(std::string_view mailbox) {
  const auto at = mailbox.rfind('@');
  if (at == std::string_view::npos) return {};
  std::string domain(mailbox.substr(at + 1));
  for (char& c : domain)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (domain.ends_with('.')) domain.pop_back();
  return domain;
}

}  // namespace mailassay::message
