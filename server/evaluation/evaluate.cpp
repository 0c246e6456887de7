#include "evaluation/evaluate.h"

#include "dns/idna.h"
#include "evaluation/authentication_results.h"
#include "evaluation/dkim/tag_list.h"
#include "evaluation/local_source.h"
#include "evaluation/mail_facts.h"
#include "evaluation/verdict.h"
#include "message/envelope.h"

#include <algorithm>

namespace mailassay::evaluation {
namespace {

using trace::Phase;

spf::Query spf_query(const Connection& connection, const Setting& setting, spf::Identity identity) {
  return {*connection.ip, connection.envelope.helo, connection.envelope.mail_from,
          identity,       setting.receiver,         setting.at};
}

// The domain that SPF's result will be about.
std::string spf_domain(const Connection& connection) {
  const auto& mail_from = connection.envelope.mail_from;
  return mail_from.empty() ? connection.envelope.helo : std::string(message::domain_of(mail_from));
}

}  // namespace

// The keys and the tree walks of a whole mail are asked for at once: one round trip for the common case.
void prefetch_message(const message::Message& mail, const Connection& connection, const Setting& setting) {
  std::vector<std::string> domains;
  std::size_t signatures = 0;
  for (const auto* field : mail.all("DKIM-Signature")) {
    if (static_cast<int>(signatures++) == setting.limits.dkim_signatures) break;
    const auto tags = dkim::parse_tag_list(field->value);
    const auto* domain = tags.find("d");
    const auto* selector = tags.find("s");
    if (domain == nullptr || selector == nullptr) continue;
    auto name = dns::to_a_labels(domain->value);
    auto prefix = dns::to_a_labels(selector->value);
    if (!name || !prefix) continue;
    setting.resolver.prefetch(*prefix + "._domainkey." + *name, dns::Type::TXT);
    domains.push_back(std::move(*name));
  }
  if (connection.ip) domains.push_back(spf_domain(connection));
  dmarc::prefetch(mail, domains, setting.resolver, setting.limits);
}

boost::asio::awaitable<EnvelopeOutcome> judge_envelope(Connection connection, Setting setting,
                                                       trace::Scope scope) {
  EnvelopeOutcome outcome;
  if (!connection.ip) {
    scope.in(Phase::spf)
        .step("spf.no_address", {{"source", to_string(connection.source)}, {"rfc", "7208 4.1"}});
    co_return outcome;
  }
  const auto executor = co_await boost::asio::this_coro::executor;
  spf::Check mail_from(executor, spf_query(connection, setting, spf::Identity::mailfrom), setting.resolver,
                       setting.limits);
  spf::Check helo(executor, spf_query(connection, setting, spf::Identity::helo), setting.resolver,
                  setting.limits);
  mail_from.start();
  helo.start();
  if (connection.source != Source::headers) tell_local_source(*connection.ip, scope.in(Phase::advice));
  outcome.iprev =
      co_await iprev::check(*connection.ip, setting.resolver, scope.in(Phase::iprev), setting.limits);
  outcome.spf = co_await mail_from.run(scope.in(Phase::spf));
  outcome.spf_helo = co_await helo.run(scope.in(Phase::spf));
  co_return outcome;
}

boost::asio::awaitable<Report> judge_message(const message::Message& mail, MessageFacts facts,
                                             Connection connection, EnvelopeOutcome envelope, Setting setting,
                                             trace::Scope scope) {
  if (setting.adviser != nullptr)
    setting.adviser->prefetch(mail, envelope.spf ? &*envelope.spf : nullptr, setting.resolver);
  const auto author = dmarc::author_of(mail);
  facts.from = author.addresses;
  tell_mail(mail, facts, setting.receiver, scope.in(Phase::message));
  Report report;
  report.message = std::move(facts);
  report.connection = std::move(connection);
  report.iprev = std::move(envelope.iprev);
  report.spf = std::move(envelope.spf);
  report.spf_helo = std::move(envelope.spf_helo);
  report.dkim =
      co_await dkim::verify(mail, setting.resolver, scope.in(Phase::dkim), setting.at, setting.limits);
  report.arc =
      co_await arc::validate(mail, setting.resolver, scope.in(Phase::arc), setting.at, setting.limits);
  report.dmarc = co_await dmarc::evaluate(author, report.spf, *report.dkim, setting.resolver,
                                          scope.in(Phase::dmarc), setting.limits);
  report.authentication_results = authentication_results(report, setting.receiver);
  if (setting.adviser != nullptr) co_await setting.adviser->advise(report, setting.resolver, scope);
  tell_verdict(report, scope);
  co_return report;
}

boost::asio::awaitable<Report> evaluate(const message::Message& mail, MessageFacts facts,
                                        Connection connection, Setting setting, trace::Scope scope) {
  prefetch_message(mail, connection, setting);
  auto envelope = co_await judge_envelope(connection, setting, scope);
  auto report = co_await judge_message(mail, std::move(facts), std::move(connection), std::move(envelope),
                                       setting, scope);
  co_return report;
}

}  // namespace mailassay::evaluation
