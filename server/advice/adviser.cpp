#include "advice/adviser.h"

#include "advice/fixes.h"
#include "advice/ses.h"
#include "dns/name.h"
#include "evaluation/dmarc/author.h"
#include "evaluation/spf/policy.h"

#include <iterator>

namespace mailassay::advice {
namespace {

using evaluation::Result;
using trace::Phase;
using Many = std::vector<Advice>;

void add(Many& all, std::optional<Advice> one) {
  if (one) all.push_back(std::move(*one));
}

// The SPF record of the domain that was checked; asked before, so the answer is at hand.
boost::asio::awaitable<std::optional<std::string>> published_spf(const Case& mail, dns::Resolver& resolver) {
  if (!mail.report.spf || mail.report.spf->domain.empty()) co_return std::nullopt;
  const auto answer = co_await resolver.query(mail.report.spf->domain, dns::Type::TXT);
  const auto policy = spf::policy_of(*answer);
  if (policy->texts.empty()) co_return std::nullopt;
  co_return policy->texts.front();
}

// Nothing is amiss: what is left is not authentication.
Many praise(const Case& mail) {
  Many all;
  if (mail.dmarc.result != Result::pass) return all;
  all.push_back({"advice.all_green", {{"from_domain", mail.from}, {"spf_counts", mail.spf_counts}}});
  if (mail.dmarc.policy == "none")
    all.push_back(
        {"advice.policy_none",
         {{"from_domain", mail.from}, {"policy_domain", mail.dmarc.policy_domain}, {"rfc", "9989 5.1"}}});
  return all;
}

boost::asio::awaitable<Many> advice_for(const Case& mail, dns::Resolver& resolver) {
  Many spf;
  add(spf, co_await ses_advice(mail, resolver));
  if (spf.empty()) {
    const auto published = co_await published_spf(mail, resolver);
    add(spf, spf_advice(mail, published));
  }
  Many dkim;
  add(dkim, dkim_advice(mail));
  Many dmarc;
  add(dmarc, dmarc_advice(mail));
  // A signature survives forwarding, so it comes first while nothing counts; with one that counts the record
  // does.
  Many all;
  const auto append = [&](Many& more) { std::ranges::move(more, std::back_inserter(all)); };
  if (mail.spf_counts || mail.dkim_counts) append(dmarc);
  append(dkim);
  append(spf);
  if (!mail.spf_counts && !mail.dkim_counts) append(dmarc);
  add(all, reverse_name_advice(mail));
  co_return all;
}

}  // namespace

void Adviser::prefetch(const message::Message& mail, const spf::Outcome* spf, dns::Resolver& resolver) const {
  if (spf == nullptr || !dns::is_subdomain_or_equal(spf->domain, "amazonses.com")) return;
  for (const auto& domain : dmarc::author_of(mail).domains)
    for (auto& name : mail_from_names(domain)) resolver.prefetch(std::move(name), dns::Type::MX);
}

boost::asio::awaitable<void> Adviser::advise(const evaluation::Report& report, dns::Resolver& resolver,
                                             trace::Scope scope) const {
  const Case mail(report);
  auto all = mail.from.empty() ? Many{author_advice(mail)} : co_await advice_for(mail, resolver);
  if (all.empty()) all = praise(mail);
  int rank = 0;
  for (auto& one : all) {
    one.facts.push_back({"rank", ++rank});
    scope.in(Phase::advice).step(one.kind, std::move(one.facts));
  }
}

}  // namespace mailassay::advice
