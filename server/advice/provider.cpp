#include "advice/provider.h"

#include "dns/name.h"

#include <array>

namespace mailassay::advice {
namespace {

constexpr std::string_view kSes = "amazonses.com";
constexpr std::string_view kSesFirstRegion = "us-east-1";  // whose Return-Path names no region

struct Known {
  std::string_view suffix, name;
};
constexpr std::array kKnown{Known{"sendgrid.net", "SendGrid"},
                            Known{"sendgrid.info", "SendGrid"},
                            Known{"mailgun.org", "Mailgun"},
                            Known{"mandrillapp.com", "Mailchimp Transactional"},
                            Known{"mcsv.net", "Mailchimp"},
                            Known{"mcdlv.net", "Mailchimp"},
                            Known{"sparkpostmail.com", "SparkPost"},
                            Known{"mtasv.net", "Postmark"},
                            Known{"mailjet.com", "Mailjet"},
                            Known{"sendinblue.com", "Brevo"},
                            Known{"brevosend.com", "Brevo"},
                            Known{"gappssmtp.com", "Google Workspace"},
                            Known{"onmicrosoft.com", "Microsoft 365"},
                            Known{"zohomail.com", "Zoho"},
                            Known{"worksmobile.com", "NAVER WORKS"}};

// "ap-northeast-2" of "ap-northeast-2.amazonses.com" or "a1-2.smtp-out.ap-northeast-2.amazonses.com".
std::string region_of(std::string_view domain) {
  if (domain.size() <= kSes.size()) return {};
  domain.remove_suffix(kSes.size() + 1);
  const auto region = domain.substr(domain.rfind('.') + 1);
  const bool is_region =
      region.find('-') != std::string_view::npos && region.back() >= '0' && region.back() <= '9';
  return is_region && region != "smtp-out" ? std::string(region) : std::string();
}

std::optional<Provider> by_domain(std::string_view domain) {
  if (dns::is_subdomain_or_equal(domain, kSes))
    return Provider{"Amazon SES", true, region_of(dns::lower(domain))};
  for (const auto& known : kKnown)
    if (dns::is_subdomain_or_equal(domain, known.suffix)) return Provider{known.name, false, {}};
  return std::nullopt;
}

}  // namespace

std::optional<Provider> provider_of(const evaluation::Report& report) {
  std::optional<Provider> found;
  const auto look = [&](std::string_view domain) {
    auto one = by_domain(domain);
    if (!one) return;
    if (!found)
      found = std::move(one);
    else if (found->is_ses && found->region.empty())
      found->region = one->region;
  };
  if (report.spf) look(report.spf->domain);
  if (report.dkim)
    for (const auto& signature : *report.dkim) look(signature.domain);
  look(report.connection.envelope.helo);
  if (found && found->is_ses && found->region.empty()) found->region = kSesFirstRegion;
  return found;
}

}  // namespace mailassay::advice
