#include "evaluation/dmarc/walker.h"

#include <algorithm>

namespace mailassay::dmarc {
namespace {

// Answers one question with what is already known.
class Known final : public dns::Resolver {
 public:
  explicit Known(dns::AnswerPtr answer) : answer_(std::move(answer)) {}
  boost::asio::awaitable<dns::AnswerPtr> query(std::string, dns::Type) override { co_return answer_; }

 private:
  dns::AnswerPtr answer_;
};

trace::Value psd_fact(const Published& published) {
  if (!published.record) return nullptr;
  return published.record->psd == Psd::y ? "y" : published.record->psd == Psd::n ? "n" : "u";
}

trace::Facts query_facts(const std::string& domain, const Published& published, std::size_t number,
                         std::size_t limit, bool again) {
  return {{"name", "_dmarc." + domain},
          {"domain", domain},
          {"found", published.state == Published::State::record   ? "record"
                    : published.state == Published::State::failed ? "failed"
                    : published.records > 1                       ? "several"
                                                                  : "none"},
          {"record", published.record ? trace::Value(published.record->text) : trace::Value(nullptr)},
          {"psd", psd_fact(published)},
          {"query", number},
          {"limit", limit},
          {"again", again},
          {"rfc", "9989 4.10"}};
}

// What `_dmarc.<name>` answered.
Published read(const dns::Answer& answer) {
  Published published;
  for (const auto& txt : answer.records) {
    auto text = txt.text();
    if (auto record = parse_record(text)) {
      if (++published.records == 1) published.record = std::move(record);
    } else if (mentions_dmarc(text)) {
      published.near_misses.push_back(std::move(text));
    }
  }
  if (published.records == 1) published.state = Published::State::record;
  if (published.records > 1) published.record.reset();
  if (dns::is_failure(answer.status)) {
    published.state = Published::State::failed;
    published.cause = failure_cause(answer.status);
  }
  return published;
}

void tell_faults(const std::string& domain, const Published& published, trace::Scope scope) {
  for (const auto& text : published.near_misses)
    scope.step("dmarc.record_fault", {{"domain", domain},
                                      {"tag", "v"},
                                      {"value", text},
                                      {"cause", "not_a_dmarc_record"},
                                      {"rfc", "9989 4.7"}});
  if (published.records > 1)
    scope.step("dmarc.record_fault", {{"domain", domain},
                                      {"tag", nullptr},
                                      {"value", published.records},
                                      {"cause", "several_records"},
                                      {"rfc", "9989 4.10"}});
}

}  // namespace

boost::asio::awaitable<void> tell_answer(dns::AnswerPtr answer, trace::Scope scope) {
  Known known(answer);
  co_await dns::ask(known, scope, answer->name, answer->type);
}

std::string failure_cause(dns::Status status) {
  return "dns_" + std::string(dns::to_string(status));
}

void prefetch_walk(dns::Resolver& resolver, std::string_view domain, int limit) {
  for (const auto& target : walk_targets(domain, limit))
    resolver.prefetch("_dmarc." + target, dns::Type::TXT);
}

boost::asio::awaitable<void> Walker::look_up(std::string domain, trace::Scope scope) {
  if (tree_.find(domain) != tree_.end()) co_return;
  const auto answer = co_await dns::ask(resolver_, scope, "_dmarc." + domain, dns::Type::TXT);
  tell_faults(domain, tree_.insert_or_assign(domain, read(*answer)).first->second, scope);
}

boost::asio::awaitable<void> Walker::walk(std::string domain, const char* purpose, trace::Scope scope) {
  prefetch_walk(resolver_, domain, limit_);
  const auto targets = walk_targets(domain, limit_);
  const auto below = scope.step("dmarc.walk", {{"start", domain},
                                               {"purpose", purpose},
                                               {"queries", targets.size()},
                                               {"limit", limit_},
                                               {"rfc", "9989 4.10"}});
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto& target = targets[i];
    auto known = tree_.find(target);
    const bool again = known != tree_.end();
    dns::AnswerPtr answer;
    if (!again) {
      answer = co_await resolver_.query("_dmarc." + target, dns::Type::TXT);
      known = tree_.insert_or_assign(target, read(*answer)).first;
    }
    const auto query =
        below.step("dmarc.walk_query", query_facts(target, known->second, i + 1, targets.size(), again));
    if (!again) {
      co_await tell_answer(answer, query);
      tell_faults(target, known->second, query);
    }
    if (known->second.record && known->second.record->psd != Psd::u) co_return;
  }
}

const Published* Walker::failure(std::string_view domain) const {
  for (const auto& target : walk_targets(domain, limit_)) {
    const auto entry = tree_.find(target);
    if (entry == tree_.end()) return nullptr;  // the walk ended before
    if (entry->second.state == Published::State::failed) return &entry->second;
  }
  return nullptr;
}

}  // namespace mailassay::dmarc
