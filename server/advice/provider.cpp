#include "advice/provider.h"

#include "dns/name.h"

#include <algorithm>
#include <array>

namespace mailassay::advice {
namespace {

constexpr std::string_view kSes = "amazonses.com";
constexpr std::string_view kSesFirstRegion = "us-east-1";  // whose Return-Path names no region

struct Known {
  std::string_view suffix, name,
      spf;  // spf: the domain whose record lists its servers, if it tells one to all
};
constexpr std::array kKnown{Known{"sendgrid.net", "SendGrid", "sendgrid.net"},
                            Known{"sendgrid.info", "SendGrid", "sendgrid.net"},
                            Known{"mailgun.org", "Mailgun", "mailgun.org"},
                            Known{"mandrillapp.com", "Mailchimp Transactional", "spf.mandrillapp.com"},
                            Known{"mcsv.net", "Mailchimp", "servers.mcsv.net"},
                            Known{"mcdlv.net", "Mailchimp", "servers.mcsv.net"},
                            Known{"sparkpostmail.com", "SparkPost", {}},
                            Known{"mtasv.net", "Postmark", "spf.mtasv.net"},
                            Known{"mailjet.com", "Mailjet", "spf.mailjet.com"},
                            Known{"sendinblue.com", "Brevo", {}},
                            Known{"brevosend.com", "Brevo", {}},
                            Known{"gappssmtp.com", "Google Workspace", "_spf.google.com"},
                            Known{"onmicrosoft.com", "Microsoft 365", "spf.protection.outlook.com"},
                            Known{"zohomail.com", "Zoho", {}},
                            Known{"worksmobile.com", "NAVER WORKS", {}}};
// Whose hosts say so in HELO alone.
constexpr std::array kHosts{
    Known{"google.com", "Google Workspace", "_spf.google.com"},
    Known{"outbound.protection.outlook.com", "Microsoft 365", "spf.protection.outlook.com"},
    Known{"mailgun.net", "Mailgun", "mailgun.org"}};

// Domains of mailboxes for everybody: nobody else can publish records there.
constexpr std::array<std::string_view, 38> kMailboxes{
    "gmail.com",  "googlemail.com", "outlook.com",    "hotmail.com", "live.com",    "msn.com",
    "yahoo.com",  "yahoo.co.jp",    "yahoo.co.uk",    "ymail.com",   "aol.com",     "icloud.com",
    "me.com",     "mac.com",        "naver.com",      "daum.net",    "hanmail.net", "kakao.com",
    "nate.com",   "gmx.com",        "gmx.net",        "gmx.de",      "web.de",      "t-online.de",
    "freenet.de", "mail.ru",        "yandex.ru",      "yandex.com",  "qq.com",      "163.com",
    "126.com",    "proton.me",      "protonmail.com", "pm.me",       "orange.fr",   "free.fr",
    "libero.it",  "wp.pl"};

// "ap-northeast-2" of "ap-northeast-2.amazonses.com" or "a1-2.smtp-out.ap-northeast-2.amazonses.com".
std::string region_of(std::string_view domain) {
  if (domain.size() <= kSes.size()) return {};
  domain.remove_suffix(kSes.size() + 1);
  const auto region = domain.substr(domain.rfind('.') + 1);
  const bool is_region =
      region.find('-') != std::string_view::npos && region.back() >= '0' && region.back() <= '9';
  return is_region && region != "smtp-out" ? std::string(region) : std::string();
}

template <std::size_t N>
std::optional<Provider> among(const std::array<Known, N>& known, std::string_view domain) {
  for (const auto& one : known)
    if (dns::is_subdomain_or_equal(domain, one.suffix)) return Provider{one.name, false, {}, one.spf};
  return std::nullopt;
}

std::optional<Provider> by_domain(std::string_view domain) {
  if (dns::is_subdomain_or_equal(domain, kSes))
    return Provider{"Amazon SES", true, region_of(dns::lower(domain)), kSes};
  return among(kKnown, domain);
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
  if (!found) found = among(kHosts, report.connection.envelope.helo);
  if (found && found->is_ses && found->region.empty()) found->region = kSesFirstRegion;
  return found;
}

bool is_mailbox_provider(std::string_view domain) {
  return std::ranges::find(kMailboxes, domain) != kMailboxes.end();
}

}  // namespace mailassay::advice
