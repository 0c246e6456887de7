// Judges a sender by a zone, keeping the steps.
#pragma once

#include "dns/cache.h"
#include "dns/zone.h"
#include "evaluation/spf/check_host.h"
#include "support/run.h"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::spf {

struct Judged {
  Outcome outcome;
  std::vector<trace::Step> steps;

  std::string result() const { return std::string(evaluation::to_string(outcome.result)); }
  std::vector<const trace::Step*> of_kind(std::string_view kind) const {
    std::vector<const trace::Step*> found;
    for (const auto& step : steps)
      if (step.kind == kind) found.push_back(&step);
    return found;
  }
  // Names and types of the questions, in order: "example.com TXT".
  std::vector<std::string> questions() const;
};

// A fact as text: "true", "3", "a,b"; "-" if it is not there, "null" if it is null.
inline std::string fact(const trace::Facts& facts, std::string_view key);

inline std::string text_of(const trace::Value& value) {
  struct Text {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return std::to_string(value); }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(const trace::List& values) const {
      std::string joined;
      for (const auto& value : values) joined += (joined.empty() ? "" : ",") + text_of(value);
      return joined;
    }
    std::string operator()(const trace::Facts& facts) const {
      std::string joined;
      for (const auto& [key, value] : facts)
        joined += (joined.empty() ? "" : ",") + std::string(key) + "=" + text_of(value);
      return joined;
    }
  };
  return std::visit(Text{}, value.storage());
}

inline std::string fact(const trace::Facts& facts, std::string_view key) {
  for (const auto& [name, value] : facts)
    if (name == key) return text_of(value);
  return "-";
}
inline std::string fact(const trace::Step* step, std::string_view key) {
  return fact(step->data, key);
}

inline std::vector<std::string> Judged::questions() const {
  std::vector<std::string> asked;
  for (const auto* step : of_kind("dns.answer"))
    asked.push_back(fact(step, "name") + " " + fact(step, "type"));
  return asked;
}

inline Query query(std::string_view ip, std::string mail_from, std::string helo = "mail.example.org") {
  Query query;
  query.ip = net::IpAddress::parse(ip).value();
  query.mail_from = std::move(mail_from);
  query.helo = std::move(helo);
  query.receiver = "mx.receiver.example";
  query.at = std::chrono::system_clock::from_time_t(1700000000);
  return query;
}

inline std::shared_ptr<const dns::Zone> zone_of(std::string_view text) {
  auto zone = dns::Zone::parse(text);
  if (!zone)
    throw std::runtime_error("zone, line " + std::to_string(zone.error().line) + ": " + zone.error().message);
  return *zone;
}

inline Judged judge(std::string_view zone, const Query& query, const evaluation::Limits& limits = {}) {
  const auto resolver = dns::make_zone_resolver(zone_of(zone));
  trace::Recorder recorder;
  auto outcome = test::run(check_host(query, *resolver, {&recorder, trace::Phase::spf}, limits));
  return {std::move(outcome), recorder.steps()};
}

// The same with a cache in front, so that prefetching does something.
inline Judged judge_with_cache(std::string_view zone, const Query& query,
                               const evaluation::Limits& limits = {}) {
  const auto resolver = dns::make_zone_resolver(zone_of(zone));
  boost::asio::io_context context;
  const auto cache = dns::make_cache(context.get_executor(), *resolver);
  trace::Recorder recorder;
  auto outcome = test::run(check_host(query, *cache, {&recorder, trace::Phase::spf}, limits), context);
  return {std::move(outcome), recorder.steps()};
}

}  // namespace mailassay::spf
