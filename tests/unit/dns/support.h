// Zones for tests, and a resolver that counts what it is asked.
#pragma once

#include "dns/name.h"
#include "dns/zone.h"
#include "support/run.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::dns::test {

inline std::shared_ptr<const Zone> zone_of(std::string_view text) {
  auto parsed = Zone::parse(text);
  if (parsed.has_error()) {
    ADD_FAILURE() << "line " << parsed.error().line << ": " << parsed.error().message;
    return *Zone::parse("");
  }
  return *parsed;
}

// "1: message", or "" for a zone without fault.
inline std::string fault_of(std::string_view text) {
  const auto parsed = Zone::parse(text);
  return parsed.has_error() ? std::to_string(parsed.error().line) + ": " + parsed.error().message : "";
}

// Status and records in one word: "records 192.0.2.1", "nxdomain".
inline std::string told(const Answer& answer) {
  std::string text(to_string(answer.status));
  for (const auto& record : answer.records) text += ' ' + record.to_string();
  return text;
}

inline std::string told(const Zone& zone, const std::string& name, Type type) {
  return told(zone.answer(name, type));
}

inline AnswerPtr query(Resolver& resolver, std::string name, Type type) {
  return mailassay::test::run(resolver.query(std::move(name), type));
}

}  // namespace mailassay::dns::test
