// What to do next about a judged mail, told as steps of phase advice.
#pragma once

#include "evaluation/adviser.h"

namespace mailassay::advice {

// The kinds: ses_mail_from, ses_mail_from_unused, ses_domain_identity, dkim_own_domain, dkim_broken,
// own_return_path, spf_record, spf_source, spf_broken, dmarc_record, dmarc_record_invalid, reverse_name,
// author_domain, all_green, policy_none; each with "rank" from 1, which is the one thing to do next.
class Adviser final : public evaluation::Adviser {
 public:
  void prefetch(const message::Message& mail, const spf::Outcome* spf,
                dns::Resolver& resolver) const override;
  boost::asio::awaitable<void> advise(const evaluation::Report& report, dns::Resolver& resolver,
                                      trace::Scope scope) const override;
};

}  // namespace mailassay::advice
