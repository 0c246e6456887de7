#include "evaluation/judge_again.h"

#include "dns/name.h"
#include "dns/rdata.h"

#include <algorithm>
#include <set>
#include <utility>

namespace mailassay::evaluation {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxHeld = 200;  // questions compared; an evaluation asks a tenth of it as a rule

struct Asked {
  std::string name;
  dns::Type type;
};

const std::string* text_fact(const trace::Facts& facts, std::string_view key) {
  for (const auto& fact : facts)
    if (fact.key == key) return std::get_if<std::string>(&fact.value.storage());
  return nullptr;
}

std::vector<Asked> questions_of(const std::vector<trace::Step>& steps) {
  std::vector<Asked> questions;
  std::set<std::pair<std::string, dns::Type>> known;
  for (const auto& step : steps) {
    if (step.kind != "dns.answer" || questions.size() == kMaxHeld) continue;
    const auto* name = text_fact(step.data, "name");
    const auto* word = text_fact(step.data, "type");
    const auto type = word != nullptr ? dns::type_named(*word) : std::nullopt;
    if (name == nullptr || !type) continue;
    if (known.emplace(dns::lower(dns::without_trailing_dot(*name)), *type).second)
      questions.push_back({*name, *type});
  }
  return questions;
}

std::vector<std::string> sorted_records(const dns::Answer& answer) {
  std::vector<std::string> texts;
  for (const auto& record : answer.records) texts.push_back(record.to_string());
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace

asio::awaitable<dns::AnswerPtr> SideBySide::query(std::string name, dns::Type type) {
  dns_.configured->prefetch(name, type);
  return dns_.authoritative->query(std::move(name), type);
}

void SideBySide::prefetch(std::string name, dns::Type type) {
  dns_.authoritative->prefetch(std::move(name), type);
}

bool Held::differs() const {
  return authoritative->status != resolver->status ||
         sorted_records(*authoritative) != sorted_records(*resolver);
}

std::uint32_t Held::held_for() const {
  return std::max(authoritative->ttl, resolver->ttl);
}

asio::awaitable<std::vector<Held>> still_held(std::vector<trace::Step> steps, const FreshDns& dns) {
  std::vector<Held> held;
  for (const auto& [name, type] : questions_of(steps)) {
    auto authoritative = co_await dns.authoritative->query(name, type);
    auto resolver = co_await dns.configured->query(name, type);
    held.push_back({std::move(authoritative), std::move(resolver)});
  }
  co_return held;
}

}  // namespace mailassay::evaluation
