// Amazon SES: whether the custom MAIL FROM that makes SPF align is set up, and what to do next.
#pragma once

#include "advice/fixes.h"
#include "dns/resolver.h"

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace mailassay::advice {

// The names that people give to it, below `domain`, the one to propose first.
std::vector<std::string> mail_from_names(const std::string& domain);

// "advice.ses_mail_from" with the two records to publish; where one of the usual names already leads to SES,
// "advice.ses_mail_from_unused": what is left to check in its console. Nothing if SPF counts or the mail is
// not from SES.
boost::asio::awaitable<std::optional<Advice>> ses_advice(const Case& mail, dns::Resolver& resolver);

}  // namespace mailassay::advice
