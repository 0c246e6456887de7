#include "evaluation/dmarc/psl.h"

#include "dns/idna.h"

#include <libpsl.h>

namespace mailassay::dmarc {
namespace {

// Debian's publicsuffix package, where it is newer than the list inside libpsl.
const psl_ctx_t* list() {
  static const psl_ctx_t* const latest = psl_latest(nullptr);
  return latest != nullptr ? latest : psl_builtin();
}

bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

}  // namespace

std::string registrable_domain(std::string_view name) {
  if (name.empty() || name.front() == '.' || name.find('\0') != std::string_view::npos) return {};
  const auto ascii = dns::to_a_labels(name);
  if (!ascii) return {};
  const char* found = psl_registrable_domain(list(), ascii->c_str());
  if (found == nullptr) return {};
  return is_ascii(name) ? std::string(found) : dns::to_u_labels(found);
}

std::string organizational_domain_by_list(std::string_view name) {
  auto registrable = registrable_domain(name);
  return registrable.empty() ? std::string(name) : registrable;
}

}  // namespace mailassay::dmarc
