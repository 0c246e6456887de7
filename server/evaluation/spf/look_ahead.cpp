#include "evaluation/spf/look_ahead.h"

#include "dns/name.h"
#include "evaluation/spf/checker.h"

#include <set>
#include <unordered_map>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace mailassay::spf {

namespace asio = boost::asio;

// Shared with the coroutines that follow: one that waits for a question under way outlives the check, and
// then asks nothing more.
struct LookAhead::State : std::enable_shared_from_this<State> {
  asio::any_io_executor executor;
  dns::Resolver* resolver = nullptr;  // null once the check is over
  net::IpAddress ip;
  int budget = 0;
  std::set<std::string> read_domains;
  std::unordered_map<std::string, dns::AnswerPtr> came_ahead;  // TXT, by lower-case name

  State(asio::any_io_executor runs_on, dns::Resolver& asks, const net::IpAddress& client, int terms)
      : executor(std::move(runs_on)), resolver(&asks), ip(client), budget(terms) {}

  // `ahead` of the evaluation, or by it: it then goes to the first term itself, at once.
  void read(const Record& record, const std::string& domain, bool ahead) {
    if (!read_domains.insert(dns::lower(domain)).second) return;
    for (const auto& term : record.terms) {
      const auto* directive = std::get_if<Directive>(&term);
      if (directive == nullptr || !asks_dns(directive->mechanism)) continue;
      start(directive->mechanism, domain, std::exchange(ahead, true));
    }
    if (record.redirect && !record.has_all) start_record(record.redirect->value, ahead);
  }

  void start(const Mechanism& mechanism, const std::string& domain, bool follows) {
    const auto* macro = domain_of(mechanism);
    if (macro != nullptr && macro->has_macros()) return;
    if (std::holds_alternative<Include>(mechanism)) return start_record(*macro, follows);
    if (--budget < 0) return;
    if (std::holds_alternative<Ptr>(mechanism)) return resolver->prefetch(ip.reverse_name(), dns::Type::PTR);
    const auto address_type = ip.is_v4() ? dns::Type::A : dns::Type::AAAA;
    const auto type = std::holds_alternative<Mx>(mechanism)  ? dns::Type::MX
                      : std::holds_alternative<A>(mechanism) ? address_type
                                                             : dns::Type::A;
    resolver->prefetch(macro != nullptr ? literal_name(*macro) : query_name(domain), type);
  }

  void start_record(const MacroString& macro, bool follows) {
    if (macro.has_macros() || --budget < 0) return;
    auto name = literal_name(macro);
    resolver->prefetch(name, dns::Type::TXT);
    if (follows) start_following(std::move(name));
  }

  void start_following(std::string name) {
    asio::co_spawn(executor, follow(shared_from_this(), std::move(name)), asio::detached);
  }

  static asio::awaitable<void> follow(std::shared_ptr<State> state, std::string name) {
    if (state->resolver == nullptr) co_return;
    const auto answer = co_await state->resolver->query(name, dns::Type::TXT);
    if (state->resolver == nullptr) co_return;
    state->came_ahead.emplace(dns::lower(name), answer);
    const auto policy = policy_of(*answer);
    if (policy->record) state->read(*policy->record, name, true);
  }

  static std::string literal_name(const MacroString& macro) {
    return query_name(expand_domain(macro, {}).name);
  }
};

LookAhead::LookAhead(asio::any_io_executor executor, dns::Resolver& resolver, const net::IpAddress& ip,
                     int budget)
    : state_(std::make_shared<State>(std::move(executor), resolver, ip, budget)) {}

LookAhead::~LookAhead() {
  state_->resolver = nullptr;
}

asio::awaitable<dns::AnswerPtr> LookAhead::query(std::string name, dns::Type type) {
  if (type == dns::Type::TXT) {
    const auto ahead = state_->came_ahead.extract(dns::lower(name));  // once: later it is an old answer
    if (!ahead.empty()) co_return ahead.mapped();
  }
  co_return co_await state_->resolver->query(std::move(name), type);
}

void LookAhead::prefetch(std::string name, dns::Type type) {
  state_->resolver->prefetch(std::move(name), type);
}

void LookAhead::begin(const std::string& domain) {
  auto name = query_name(domain);
  state_->resolver->prefetch(name, dns::Type::TXT);
  state_->start_following(std::move(name));
}

void LookAhead::read(const Record& record, const std::string& domain) {
  state_->read(record, domain, false);
}

}  // namespace mailassay::spf
