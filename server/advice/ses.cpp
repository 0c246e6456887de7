#include "advice/ses.h"

#include "dns/name.h"

#include <array>

namespace mailassay::advice {
namespace {

using trace::List;

constexpr std::array kLabels{"mail", "bounce", "bounces", "mailfrom", "ses", "email", "send"};
constexpr std::string_view kTarget = "feedback-smtp.";

// "ap-northeast-2" of an MX to feedback-smtp.ap-northeast-2.amazonses.com; empty for any other.
std::string ses_region(const dns::Answer& answer) {
  for (const auto& one : answer.records) {
    const auto host = dns::lower(one.mx().host);
    if (!host.starts_with(kTarget) || !dns::is_subdomain_or_equal(host, "amazonses.com")) continue;
    return host.substr(kTarget.size(), host.find('.', kTarget.size()) - kTarget.size());
  }
  return {};
}

struct Found {
  std::string set_up, region;  // a name that leads to SES already
  std::string free;            // a name that does not exist yet
};

boost::asio::awaitable<Found> look(const std::string& domain, dns::Resolver& resolver) {
  const auto names = mail_from_names(domain);
  for (const auto& name : names) resolver.prefetch(name, dns::Type::MX);
  Found found;
  for (const auto& name : names) {
    const auto answer = co_await resolver.query(name, dns::Type::MX);
    if (answer->status != dns::Status::records) {
      // A name that exists is used for something, though not for mail: SES wants one of its own.
      if (found.free.empty() && answer->status == dns::Status::nxdomain && answer->aliases.empty())
        found.free = name;
      continue;
    }
    found.region = ses_region(*answer);
    if (found.region.empty()) continue;
    found.set_up = name;
    break;
  }
  if (found.free.empty()) found.free = "(name)." + domain;
  co_return found;
}

}  // namespace

std::vector<std::string> mail_from_names(const std::string& domain) {
  std::vector<std::string> names;
  for (const auto* label : kLabels) names.push_back(std::string(label) + '.' + domain);
  return names;
}

boost::asio::awaitable<std::optional<Advice>> ses_advice(const Case& mail, dns::Resolver& resolver) {
  if (mail.spf_counts || !mail.provider || !mail.provider->is_ses || mail.from.empty())
    co_return std::nullopt;
  if (!mail.report.spf || !dns::is_subdomain_or_equal(mail.report.spf->domain, "amazonses.com"))
    co_return std::nullopt;
  auto found = co_await look(mail.from, resolver);
  if (found.set_up.empty() && mail.organization != mail.from) {
    auto above = co_await look(mail.organization, resolver);
    if (!above.set_up.empty()) found = std::move(above);
  }
  const auto& region = mail.provider->region;
  if (mail.record && mail.record->strict_spf) {  // SES wants a name below the domain, which then never aligns
    if (mail.dkim_counts) co_return std::nullopt;
    co_return Advice{"advice.ses_strict_spf",
                     {{"from_domain", mail.from},
                      {"policy_domain", mail.dmarc.policy_domain},
                      {"records", List{record("_dmarc." + mail.dmarc.policy_domain, "TXT",
                                              with_tag(*mail.record, "aspf", "r"))}},
                      {"rfc", "9989 4.4.2"}}};
  }
  if (!found.set_up.empty())
    co_return Advice{"advice.ses_mail_from_unused",
                     {{"name", found.set_up},
                      {"region", region},
                      {"region_set", found.region},
                      {"same_region", found.region == region},
                      {"domain", mail.report.spf->domain},
                      {"from_domain", mail.from},
                      {"rfc", "9989 4.4.2"}}};
  co_return Advice{
      "advice.ses_mail_from",
      {{"name", found.free},
       {"region", region},
       {"domain", mail.report.spf->domain},
       {"result", to_string(mail.report.spf->result)},
       {"from_domain", mail.from},
       {"records", List{record(found.free, "MX", "10 feedback-smtp." + region + ".amazonses.com"),
                        record(found.free, "TXT", "v=spf1 include:amazonses.com ~all")}},
       {"rfc", "9989 4.4.2"}}};
}

}  // namespace mailassay::advice
