#include "dns/resolver.h"

#include <algorithm>
#include <utility>

namespace mailassay::dns {
namespace {

// A step is for people: the rest of a huge answer is counted, not shown.
constexpr std::size_t kShownRecords = 20;
constexpr std::size_t kShownOctets = 512;

trace::List shown_records(const Answer& answer) {
  trace::List shown;
  shown.reserve(std::min(answer.records.size(), kShownRecords));
  for (const auto& record : answer.records) {
    if (shown.size() == kShownRecords) break;
    std::string text = record.to_string();
    if (text.size() > kShownOctets) text.replace(kShownOctets, std::string::npos, "…");
    shown.emplace_back(std::move(text));
  }
  return shown;
}

trace::Facts facts_of(std::string name, Type type, const Answer& answer) {
  const auto elapsed = answer.from_cache ? std::chrono::microseconds(0) : answer.elapsed;
  return {{"name", std::move(name)},
          {"type", to_string(type)},
          {"status", to_string(answer.status)},
          {"records", shown_records(answer)},
          {"count", answer.records.size()},
          {"ttl", answer.ttl},
          {"ad", answer.authenticated},
          {"server", answer.server},
          {"ms", static_cast<double>(elapsed.count()) / 1000},
          {"cached", answer.from_cache},
          {"aliases", answer.aliases}};
}

}  // namespace

boost::asio::awaitable<AnswerPtr> ask(Resolver& resolver, trace::Scope scope, std::string name, Type type) {
  AnswerPtr answer = co_await resolver.query(name, type);
  scope.step("dns.answer", facts_of(std::move(name), type, *answer));
  co_return answer;
}

}  // namespace mailassay::dns
