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

void prefetch_txt(dns::Resolver& resolver, const std::string& domain) {
  if (domain.find('.') == std::string::npos || domain.front() == '[') return;
  if (auto name = dns::to_a_labels(domain)) resolver.prefetch(std::move(*name), dns::Type::TXT);
}

// All that the envelope tells is asked for at once.
void prefetch_envelope(const Connection& connection, dns::Resolver& resolver) {
  resolver.prefetch(connection.ip->reverse_name(), dns::Type::PTR);
  prefetch_txt(resolver, message::domain_of(connection.envelope.mail_from));
  prefetch_txt(resolver, connection.envelope.helo);
}

// The keys and the tree walks of a whole mail are asked for at once: one round trip for the common case.
void prefetch_mail(const message::Message& mail, const EnvelopeOutcome& envelope, const Setting& setting) {
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
  if (envelope.spf) domains.push_back(envelope.spf->domain);
  dmarc::prefetch(mail, domains, setting.resolver, setting.limits);
}

spf::Query spf_query(const Connection& connection, const Setting& setting, spf::Identity identity) {
  return {*connection.ip, connection.envelope.helo, connection.envelope.mail_from,
          identity,       setting.receiver,         setting.at};
}

}  // namespace

boost::asio::awaitable<EnvelopeOutcome> judge_envelope(Connection connection, Setting setting,
                                                       trace::Scope scope) {
  EnvelopeOutcome outcome;
  if (!connection.ip) {
    scope.in(Phase::spf)
        .step("spf.no_address", {{"source", to_string(connection.source)}, {"rfc", "7208 4.1"}});
    co_return outcome;
  }
  prefetch_envelope(connection, setting.resolver);
  if (connection.source != Source::headers) tell_local_source(*connection.ip, scope.in(Phase::advice));
  outcome.iprev =
      co_await iprev::check(*connection.ip, setting.resolver, scope.in(Phase::iprev), setting.limits);
  auto query = spf_query(connection, setting, spf::Identity::mailfrom);
  outcome.spf = co_await spf::check_host(query, setting.resolver, scope.in(Phase::spf), setting.limits);
  query.identity = spf::Identity::helo;
  outcome.spf_helo = co_await spf::check_host(query, setting.resolver, scope.in(Phase::spf), setting.limits);
  co_return outcome;
}

boost::asio::awaitable<Report> judge_message(const message::Message& mail, MessageFacts facts,
                                             Connection connection, EnvelopeOutcome envelope, Setting setting,
                                             trace::Scope scope) {
  prefetch_mail(mail, envelope, setting);
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
  const auto spf = report.spf.value_or(spf::Outcome{});
  report.dmarc = co_await dmarc::evaluate(mail, spf, *report.dkim, setting.resolver, scope.in(Phase::dmarc),
                                          setting.limits);
  report.authentication_results = authentication_results(report, setting.receiver);
  tell_verdict(report, scope);
  co_return report;
}

boost::asio::awaitable<Report> evaluate(const message::Message& mail, MessageFacts facts,
                                        Connection connection, Setting setting, trace::Scope scope) {
  auto envelope = co_await judge_envelope(connection, setting, scope);
  auto report = co_await judge_message(mail, std::move(facts), std::move(connection), std::move(envelope),
                                       setting, scope);
  co_return report;
}

}  // namespace mailassay::evaluation
