#include "evaluation/dmarc/judgement.h"

#include <algorithm>

namespace mailassay::dmarc {
namespace {

struct Destination {
  const char* tag;
  std::string uri;
  std::string host;
};

std::vector<Destination> destinations(const Record& record, std::size_t limit) {
  std::vector<Destination> list;
  const auto add = [&](const char* tag, const std::vector<std::string>& uris) {
    for (const auto& uri : uris)
      if (list.size() < limit) list.push_back({tag, uri, host_of_uri(uri)});
  };
  add("rua", record.rua);
  add("ruf", record.ruf);
  return list;
}

std::string authorization_name(const std::string& policy_domain, const std::string& host) {
  return policy_domain + "._report._dmarc." + host;
}

struct Authorization {
  bool authorized = false;
  std::string cause;                       // not_published, name_too_long, dns_…; empty if authorized
  std::vector<std::string> override_rua;   // where they go instead
  std::vector<std::string> ignored_rua{};  // at another host, which this one cannot speak for
};

Authorization read(const dns::Answer& answer, const std::string& host) {
  if (answer.status == dns::Status::bad_name) return {false, "name_too_long", {}};
  if (dns::is_failure(answer.status)) return {false, failure_cause(answer.status), {}};
  for (const auto& txt : answer.records)
    if (const auto record = parse_record(txt.text())) {
      Authorization given{true, {}, {}};
      for (const auto& uri : record->rua)
        (host_of_uri(uri) == host ? given.override_rua : given.ignored_rua).push_back(uri);
      return given;
    }
  return {false, "not_published", {}};
}

trace::Facts facts(const Destination& destination, const std::string& policy_domain, bool external,
                   const Authorization& authorization) {
  const auto& cause = authorization.cause;
  return {{"tag", destination.tag},
          {"uri", destination.uri},
          {"host", destination.host},
          {"policy_domain", policy_domain},
          {"external", external},
          {"authorized", authorization.authorized},
          {"name", external ? trace::Value(authorization_name(policy_domain, destination.host)) : nullptr},
          {"override", authorization.override_rua},
          {"override_ignored", authorization.ignored_rua},
          {"cause", cause.empty() ? trace::Value(nullptr) : trace::Value(cause)},
          {"rfc", "9990 4"}};
}

}  // namespace

void prefetch_report_destinations(const Record& record, const std::string& policy_domain,
                                  Circumstances with) {
  const auto list = destinations(record, static_cast<std::size_t>(with.limits.dmarc_identifiers));
  for (const auto& destination : list)
    if (needs_organizational_domain(destination.host, policy_domain, false))
      prefetch_walk(with.resolver, destination.host, with.limits.dmarc_tree_walk_queries);
  for (const auto& destination : list)
    if (destination.host != policy_domain)
      with.resolver.prefetch(authorization_name(policy_domain, destination.host), dns::Type::TXT);
}

boost::asio::awaitable<void> check_report_destinations(Judgement judgement, Circumstances with,
                                                       trace::Scope scope) {
  if (!judgement.record) co_return;
  const auto& policy_domain = judgement.outcome.policy_domain;
  const auto list = destinations(*judgement.record, static_cast<std::size_t>(with.limits.dmarc_identifiers));
  prefetch_report_destinations(*judgement.record, policy_domain, with);
  const auto named = judgement.record->rua.size() + judgement.record->ruf.size();
  if (named > list.size())
    scope.step(
        "dmarc.report_destinations",
        {{"named", named}, {"checked", list.size()}, {"policy_domain", policy_domain}, {"rfc", "9990 4"}});
  for (const auto& destination : list) {
    if (!is_domain(destination.host)) continue;
    bool external = destination.host != policy_domain;
    if (needs_organizational_domain(destination.host, policy_domain, false)) {
      co_await with.walker.walk(policy_domain, "report", scope);
      co_await with.walker.walk(destination.host, "report", scope);
      const auto own = organizational_domain(policy_domain, with.walker.walked(policy_domain)).domain;
      external = own != organizational_domain(destination.host, with.walker.walked(destination.host)).domain;
    }
    if (!external) {
      scope.step("dmarc.report_destination", facts(destination, policy_domain, false, {true, {}, {}}));
      continue;
    }
    const auto name = authorization_name(policy_domain, destination.host);
    const auto answer = co_await with.resolver.query(name, dns::Type::TXT);
    const auto below = scope.step("dmarc.report_destination",
                                  facts(destination, policy_domain, true, read(*answer, destination.host)));
    co_await tell_answer(answer, below);
  }
}

}  // namespace mailassay::dmarc
