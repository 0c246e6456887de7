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
  std::string region;    // of Amazon SES
  std::string_view spf;  // what its customers include in their SPF record; empty: not the same for all
};

// By the MAIL FROM domain, the signatures' d= and the HELO name; nothing if none is known.
std::optional<Provider> provider_of(const evaluation::Report& report);
// gmail.com and the like, where everybody has a mailbox and nobody else publishes records.
bool is_mailbox_provider(std::string_view domain);

}  // namespace mailassay::advice
