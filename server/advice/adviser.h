// What to do next about a judged mail, told as steps of phase advice.
#pragma once

#include "evaluation/adviser.h"

namespace mailassay::advice {

// The kinds: author_domain, one_author, foreign_from; dmarc_several_records, dns_trouble, dmarc_organization;
// dmarc_record, dmarc_record_invalid; dkim_own_domain, dkim_broken, dkim_length, dkim_testing,
// dkim_key_bits, ses_domain_identity; ses_mail_from, ses_mail_from_unused, ses_strict_spf, own_return_path,
// bounce_helo, spf_record, spf_source, spf_elsewhere, spf_full, spf_broken, spf_everyone; reverse_name;
// all_green, older_receivers, policy_none, policy_testing, no_reports. Each has "rank" from 1, which is the
// one thing to do next.
class Adviser final : public evaluation::Adviser {
 public:
  void prefetch(const message::Message& mail, const spf::Outcome* spf,
                dns::Resolver& resolver) const override;
  boost::asio::awaitable<void> advise(const evaluation::Report& report, dns::Resolver& resolver,
                                      trace::Scope scope) const override;
};

}  // namespace mailassay::advice
