#include "evaluation/report.h"

#include "trace/json.h"

namespace mailassay::evaluation {
namespace {

namespace json = boost::json;

json::value text(std::string_view octets) {
  return json::value(trace::valid_utf8(octets));
}

json::value text_or_null(std::string_view octets) {
  return octets.empty() ? json::value(nullptr) : text(octets);
}

json::array texts(const std::vector<std::string>& list) {
  json::array array;
  for (const auto& item : list) array.push_back(text(item));
  return array;
}

// Whole seconds, as the contract shows.
std::string to_seconds(trace::TimePoint at) {
  return trace::to_rfc3339(at).substr(0, 19) + "Z";
}

json::object to_json(const MessageFacts& facts) {
  return {{"id", text_or_null(facts.id)},
          {"bytes", facts.bytes},
          {"received_at", to_seconds(facts.received_at)},
          {"from", texts(facts.from)},
          {"subject", text(facts.subject)},
          {"bare_lf", facts.bare_lf}};
}

json::value to_json(const std::optional<message::Tls>& tls) {
  if (!tls) return nullptr;
  return json::object{{"version", text(tls->version)}, {"cipher", text(tls->cipher)}};
}

json::value to_json(const std::optional<iprev::Outcome>& outcome) {
  if (!outcome) return nullptr;
  return json::object{{"result", to_string(outcome->result)},
                      {"names", texts(outcome->names)},
                      {"cause", text_or_null(outcome->cause)}};
}

json::value to_json(const std::optional<net::IpAddress>& ip) {
  return ip ? json::value(ip->to_string()) : json::value(nullptr);
}

json::object connection_json(const Report& report) {
  const auto& connection = report.connection;
  const auto& envelope = connection.envelope;
  json::object object{{"source", to_string(connection.source)},
                      {"ip", to_json(connection.ip)},
                      {"helo", text(envelope.helo)},
                      {"mail_from", text(envelope.mail_from)},
                      {"rcpt_to", texts(envelope.rcpt_to)},
                      {"tls", to_json(envelope.tls)},
                      {"iprev", to_json(report.iprev)}};
  if (connection.peer) object["peer"] = connection.peer->to_string();
  if (connection.source == Source::headers || !connection.guessed.empty())
    object["guessed"] = texts(connection.guessed);
  return object;
}

json::object to_json(const dkim::Outcome& outcome) {
  return {{"result", to_string(outcome.result)},
          {"domain", text(outcome.domain)},
          {"selector", text(outcome.selector)},
          {"identity", text(outcome.identity)},
          {"algorithm", text(outcome.algorithm)},
          {"key_bits", outcome.key_bits == 0 ? json::value(nullptr) : json::value(outcome.key_bits)},
          {"body_hash", text_or_null(outcome.body_hash)},
          {"cause", text_or_null(outcome.cause)}};
}

json::value to_json(const std::optional<std::vector<dkim::Outcome>>& outcomes) {
  if (!outcomes) return nullptr;
  json::array array;
  for (const auto& outcome : *outcomes) array.push_back(to_json(outcome));
  return array;
}

json::value to_json(const std::optional<arc::Outcome>& outcome) {
  if (!outcome) return nullptr;
  return json::object{{"result", to_string(outcome->result)},
                      {"instances", outcome->instances},
                      {"cause", text_or_null(outcome->cause)}};
}

json::object to_json(const dmarc::Identifier& identifier) {
  return {{"domain", text_or_null(identifier.domain)},
          {"result", to_string(identifier.result)},
          {"aligned", identifier.aligned}};
}

json::object to_json(const dmarc::Outcome& outcome) {
  json::array dkim;
  for (const auto& identifier : outcome.dkim) dkim.push_back(to_json(identifier));
  return {{"result", to_string(outcome.result)},
          {"from_domain", text_or_null(outcome.from_domain)},
          {"organizational_domain", text_or_null(outcome.organizational_domain)},
          {"policy_domain", text_or_null(outcome.policy_domain)},
          {"record", outcome.record ? text(*outcome.record) : json::value(nullptr)},
          {"policy", text_or_null(outcome.policy)},
          {"disposition", outcome.disposition},
          {"spf", to_json(outcome.spf)},
          {"dkim", std::move(dkim)},
          {"cause", text_or_null(outcome.cause)}};
}

template <typename Outcome>
json::value or_null(const std::optional<Outcome>& outcome) {
  return outcome ? json::value(evaluation::to_json(*outcome)) : json::value(nullptr);
}

}  // namespace

std::string_view to_string(Source source) {
  return source == Source::smtp ? "smtp" : source == Source::command ? "command" : "headers";
}

json::object to_json(const spf::Outcome& outcome) {
  return {{"result", to_string(outcome.result)},
          {"identity", outcome.identity == spf::Identity::helo ? "helo" : "mailfrom"},
          {"domain", text_or_null(outcome.domain)},
          {"matched", text_or_null(outcome.matched)},
          {"lookups", outcome.lookups},
          {"void_lookups", outcome.void_lookups},
          {"explanation", outcome.explanation ? text(*outcome.explanation) : json::value(nullptr)},
          {"cause", text_or_null(outcome.cause)}};
}

json::object to_json(const Report& report) {
  return {
      {"schema", 1},
      {"message", to_json(report.message)},
      {"connection", connection_json(report)},
      {"spf", or_null(report.spf)},
      {"spf_helo", or_null(report.spf_helo)},
      {"dkim", to_json(report.dkim)},
      {"arc", to_json(report.arc)},
      {"dmarc", report.dmarc ? json::value(to_json(report.dmarc->rfc9989)) : json::value(nullptr)},
      {"dmarc_rfc7489", report.dmarc ? json::value(to_json(report.dmarc->rfc7489)) : json::value(nullptr)},
      {"authentication_results", text_or_null(report.authentication_results)}};
}

}  // namespace mailassay::evaluation
