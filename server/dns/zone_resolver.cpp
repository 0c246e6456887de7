#include "dns/name.h"
#include "dns/zone.h"

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
    auto made = std::make_shared<const Answer>(zone_->answer(name, type));
    answers.emplace(std::move(name), made);
    return made;
  }

  std::shared_ptr<const Zone> zone_;
  std::unordered_map<Type, std::unordered_map<std::string, AnswerPtr>> answers_;  // by the name as asked
};

}  // namespace

std::unique_ptr<Resolver> make_zone_resolver(std::shared_ptr<const Zone> zone) {
  return std::make_unique<ZoneResolver>(std::move(zone));
}

}  // namespace mailassay::dns
