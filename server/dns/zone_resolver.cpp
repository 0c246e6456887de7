#include "dns/name.h"
#include "dns/zone.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kRemembered = 4096;  // answers; a zone is small, wildcards are not

asio::awaitable<void> wait(std::chrono::milliseconds delay) {
  asio::steady_timer timer(co_await asio::this_coro::executor, delay);
  co_await timer.async_wait(asio::use_awaitable);
}

class ZoneResolver final : public Resolver {
 public:
  explicit ZoneResolver(std::shared_ptr<const Zone> zone) : zone_(std::move(zone)) {}

  asio::awaitable<AnswerPtr> query(std::string name, Type type) override {
    const auto delay = zone_->delay(name);
    if (delay.count() > 0) co_await wait(delay);
    co_return answer(std::move(name), type);
  }

 private:
  // One object a question, so that what callers parse from it is kept with it.
  AnswerPtr answer(std::string name, Type type) {
    auto& answers = answers_[type];
    const auto found = answers.find(name);
    if (found != answers.end()) return found->second;
    if (answers.size() >= kRemembered) answers.clear();
    Answer fresh = zone_->answer(name, type);
    fresh.elapsed = zone_->delay(name);  // as long as each asker waits
    auto made = std::make_shared<const Answer>(std::move(fresh));
    answers.emplace(std::move(name), made);
    return made;
  }

  std::shared_ptr<const Zone> zone_;
  std::unordered_map<Type, std::unordered_map<std::string, AnswerPtr>> answers_;  // by the name as asked
};

// Where a name leads on the way through both sides: CNAMEs go from one to the other and back.
class OverlayResolver final : public Resolver {
 public:
  OverlayResolver(std::shared_ptr<const Zone> zone, Resolver& live) : zone_(std::move(zone)), live_(live) {}

  asio::awaitable<AnswerPtr> query(std::string name, Type type) override {
    const auto delay = zone_->delay(name);
    if (delay.count() > 0) co_await wait(delay);
    Chain chain;
    std::string current = name;
    while (chain.size() <= kMaxChain) {
      if (zone_->covers(current, type)) {
        const auto target = zone_->alias(current, type);
        if (!target) co_return led_to(name, std::move(chain), own_answer(current, type));
        chain.push_back(current = *target);
        continue;
      }
      const AnswerPtr live = co_await live_.query(current, type);
      const auto turn = std::find_if(live->aliases.begin(), live->aliases.end(),
                                     [&](const std::string& alias) { return zone_->covers(alias, type); });
      if (turn != live->aliases.end()) {
        chain.insert(chain.end(), live->aliases.begin(), turn + 1);
        current = *turn;
        continue;
      }
      const std::string& last = live->aliases.empty() ? current : live->aliases.back();
      const auto wild = live->status == Status::nxdomain ? zone_->alias(last, type) : std::nullopt;
      if (!wild) co_return led_to(name, std::move(chain), beside(live, last));
      chain.insert(chain.end(), live->aliases.begin(), live->aliases.end());
      chain.push_back(current = *wild);
    }
    co_return loop(std::move(name), type, std::move(chain));
  }

  void prefetch(std::string name, Type type) override {
    if (!zone_->covers(name, type)) live_.prefetch(std::move(name), type);
  }

 private:
  using Chain = std::vector<std::string>;
  static constexpr std::size_t kMaxChain = 16;

  AnswerPtr own_answer(const std::string& name, Type type) const {
    Answer answer = zone_->answer(name, type);
    answer.server = "overlay";
    return std::make_shared<const Answer>(std::move(answer));
  }

  // A name that live DNS lacks exists all the same once the overlay's wildcard or a name below it does.
  AnswerPtr beside(const AnswerPtr& live, const std::string& last) const {
    if (live->status != Status::nxdomain) return live;
    AnswerPtr own = own_answer(last, live->type);
    if (own->status == Status::nxdomain) return live;
    return led_to(live->name, live->aliases, std::move(own));
  }

  // The answer as one to the first question.
  static AnswerPtr led_to(const std::string& name, Chain chain, AnswerPtr answer) {
    if (chain.empty()) return answer;
    Answer whole = *answer;
    whole.name = name;
    whole.aliases.insert(whole.aliases.begin(), chain.begin(), chain.end());
    return std::make_shared<const Answer>(std::move(whole));
  }

  static AnswerPtr loop(std::string name, Type type, Chain chain) {
    Answer answer{.name = std::move(name), .type = type, .status = Status::servfail, .rcode = 2};
    answer.aliases = std::move(chain);
    answer.server = "overlay";
    return std::make_shared<const Answer>(std::move(answer));
  }

  std::shared_ptr<const Zone> zone_;
  Resolver& live_;
};

}  // namespace

std::unique_ptr<Resolver> make_overlay_resolver(std::shared_ptr<const Zone> zone, Resolver& live) {
  return std::make_unique<OverlayResolver>(std::move(zone), live);
}

std::unique_ptr<Resolver> make_zone_resolver(std::shared_ptr<const Zone> zone) {
  return std::make_unique<ZoneResolver>(std::move(zone));
}

}  // namespace mailassay::dns
