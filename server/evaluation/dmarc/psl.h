// The public suffix list (publicsuffix.org), by which RFC 7489 finds organizational domains.
#pragma once

#include <string>
#include <string_view>

namespace mailassay::dmarc {

// The registrable domain of a name: its public suffix and one label more, in lower case, A-labels or U-labels
// as they came. Empty if the name is a public suffix itself, is empty, or starts with a dot.
std::string registrable_domain(std::string_view name);

// RFC 7489 section 3.2's organizational domain: the registrable domain, or the name itself without one.
std::string organizational_domain_by_list(std::string_view name);

}  // namespace mailassay::dmarc
