// Which sending service a mail came through, by the domains it puts into mails that are not set up yet.
#pragma once

#include "evaluation/report.h"

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::advice {

struct Provider {
  std::string_view name;
  bool is_ses = false;
  std::string region;  // of Amazon SES
};

// By the MAIL FROM domain, the signatures' d= and the HELO name; nothing if none is known.
std::optional<Provider> provider_of(const evaluation::Report& report);

}  // namespace mailassay::advice
