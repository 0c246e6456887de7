#include "advice/adviser.h"

#include "advice/fixes.h"
#include "advice/ses.h"
#include "dns/name.h"
#include "evaluation/dmarc/author.h"

namespace mailassay::advice {
namespace {

using trace::Phase;
using Many = std::vector<Advice>;

void add(Many& all, std::optional<Advice> one) {
  if (one) all.push_back(std::move(*one));
}

boost::asio::awaitable<Many> advice_for(const Case& mail, dns::Resolver& resolver) {
  Many all;
  add(all, author_advice(mail));
  if (all.empty() && mail.report.dmarc->author_domains.size() > 1) add(all, one_author_advice(mail));
  if (all.empty()) add(all, foreign_from_advice(mail));
  if (!all.empty()) co_return all;  // nothing that is published helps before
  add(all, one_author_advice(mail));
  const auto names = co_await dmarc_names(mail, resolver);
  const auto blocker = dmarc_blocker(mail, names);
  add(all, blocker);
  if (blocker && blocker->kind.text() == "advice.dmarc_organization")
    co_return all;  // with it the mail passes
  const auto dmarc = dmarc_advice(mail, names);
  // A signature survives forwarding, so it comes first while nothing counts; with one that counts the record
  // does.
  const bool record_first = mail.spf_counts || mail.dkim_counts;
  if (record_first) add(all, dmarc);
  add(all, dkim_advice(mail));
  auto spf = co_await ses_advice(mail, resolver);
  add(all, spf ? std::move(spf) : co_await spf_advice(mail, resolver));
  if (!record_first) add(all, dmarc);
  add(all, reverse_name_advice(mail));
  co_return all;
}

}  // namespace

void Adviser::prefetch(const message::Message& mail, const spf::Outcome* spf, dns::Resolver& resolver) const {
  if (spf == nullptr || !dns::is_subdomain_or_equal(spf->domain, "amazonses.com")) return;
  const auto author = dmarc::author_of(mail);
  if (author.domains.size() != 1) return;  // a mail may name thousands
  for (auto& name : mail_from_names(author.domains.front()))
    resolver.prefetch(std::move(name), dns::Type::MX);
}

boost::asio::awaitable<void> Adviser::advise(const evaluation::Report& report, dns::Resolver& resolver,
                                             trace::Scope scope) const {
  const Case mail(report);
  auto all = co_await advice_for(mail, resolver);
  if (all.empty()) all = praise(mail);
  int rank = 0;
  for (auto& one : all) {
    one.facts.push_back({"rank", ++rank});
    scope.in(Phase::advice).step(one.kind, std::move(one.facts));
  }
}

}  // namespace mailassay::advice
