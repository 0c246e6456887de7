#include "dns/cache.h"

#include "dns/name.h"

#include <algorithm>
#include <list>
#include <unordered_map>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// The name without case and dot, and the type: what two askers of the same question have in common.
std::string key_of(std::string_view name, Type type) {
  std::string key = lower(without_trailing_dot(name));
  const auto number = static_cast<std::uint16_t>(type);
  key += '\0';
  key += static_cast<char>(number >> 8);
  key += static_cast<char>(number & 0xff);
  return key;
}

struct Entry {
  std::string key;
  AnswerPtr answer;
  Clock::time_point expires;
  bool fetched_ahead = false;  // asked for this caller's sake already, so its first hit is no old answer
};

// Long enough that one mail's story doesn't wait for the same dead server twice, too short to hide a repair.
constexpr std::chrono::seconds kFailureLifetime{1};

// A question under way. Who waits for it waits on the timer, which never expires but is cancelled.
struct Flight {
  explicit Flight(const asio::any_io_executor& executor) : arrived(executor, Clock::time_point::max()) {}

  asio::steady_timer arrived;
  AnswerPtr answer;
  bool wanted = false;  // somebody besides prefetch() asked
};
using FlightPtr = std::shared_ptr<Flight>;

// What the cache and its questions under way share; outlives the cache while any of them runs.
class Core {
 public:
  Core(asio::any_io_executor executor, Resolver& upstream, CacheOptions options)
      : executor_(std::move(executor)), upstream_(&upstream), options_(options) {}

  // The answer kept, or null.
  AnswerPtr kept(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    const auto entry = found->second;
    if (entry->expires <= Clock::now()) return nullptr;
    entries_.splice(entries_.begin(), entries_, entry);
    if (std::exchange(entry->fetched_ahead, false)) return entry->answer;
    if (!entry->answer->from_cache) {
      Answer copy = *entry->answer;  // once; later hits share it, and what they parsed from it
      copy.from_cache = true;
      entry->answer = std::make_shared<const Answer>(std::move(copy));
    }
    return entry->answer;
  }

  bool keeps(const std::string& key) const {
    const auto found = by_key_.find(key);
    return found != by_key_.end() && found->second->expires > Clock::now();
  }

  FlightPtr under_way(const std::string& key) const {
    const auto found = flights_.find(key);
    return found == flights_.end() ? nullptr : found->second;
  }

  // Asks upstream in a coroutine of its own, so that no caller's end harms the others who wait.
  static FlightPtr start(const std::shared_ptr<Core>& core, std::string key, std::string name, Type type,
                         bool wanted) {
    auto flight = std::make_shared<Flight>(core->executor_);
    flight->wanted = wanted;
    core->flights_.emplace(key, flight);
    asio::co_spawn(core->executor_, fetch(core, flight, std::move(key), std::move(name), type),
                   asio::detached);
    return flight;
  }

  void close() { upstream_ = nullptr; }

 private:
  static asio::awaitable<void> fetch(std::shared_ptr<Core> core, FlightPtr flight, std::string key,
                                     std::string name, Type type) {
    AnswerPtr answer;
    try {
      if (core->upstream_) answer = co_await core->upstream_->query(name, type);
    } catch (const std::exception&) {
      // Resolvers don't throw for what the DNS says; whatever it was, nobody answered.
    }
    if (!answer) {
      Answer none{.name = std::move(name), .type = type};
      answer = std::make_shared<const Answer>(std::move(none));
    }
    core->flights_.erase(key);
    core->keep(std::move(key), answer, !flight->wanted);
    flight->answer = std::move(answer);
    flight->arrived.cancel();
  }

  void keep(std::string key, AnswerPtr answer, bool fetched_ahead) {
    const auto time = lifetime(*answer);
    if (time.count() <= 0 || options_.entries == 0) return;
    forget(key);
    while (entries_.size() >= options_.entries) forget(std::string(entries_.back().key));
    entries_.push_front({std::move(key), std::move(answer), Clock::now() + time, fetched_ahead});
    by_key_.emplace(entries_.front().key, entries_.begin());
  }

  void forget(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    entries_.erase(found->second);
    by_key_.erase(found);
  }

  std::chrono::seconds lifetime(const Answer& answer) const {
    const std::chrono::seconds ttl(answer.ttl);
    if (answer.status == Status::records) return std::min(ttl, options_.max_ttl);
    if (is_void(answer.status)) return std::min(ttl, options_.max_negative_ttl);
    return is_failure(answer.status) ? kFailureLifetime : std::chrono::seconds(0);
  }

  asio::any_io_executor executor_;
  Resolver* upstream_;  // null once the cache has gone
  CacheOptions options_;
  std::list<Entry> entries_;  // the latest used first
  std::unordered_map<std::string, std::list<Entry>::iterator> by_key_;
  std::unordered_map<std::string, FlightPtr> flights_;
};

asio::awaitable<AnswerPtr> wait_for(FlightPtr flight) {
  while (!flight->answer) {
    co_await flight->arrived.async_wait(asio::as_tuple(asio::use_awaitable));
    // The timer ends by the answer or because this caller was cancelled.
    if (!flight->answer) throw boost::system::system_error(asio::error::operation_aborted);
  }
  co_return flight->answer;
}

class Cache final : public Resolver {
 public:
  explicit Cache(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  ~Cache() override { core_->close(); }

  asio::awaitable<AnswerPtr> query(std::string name, Type type) override {
    std::string key = key_of(name, type);
    if (AnswerPtr answer = core_->kept(key)) co_return answer;
    FlightPtr flight = core_->under_way(key);
    if (!flight) flight = Core::start(core_, std::move(key), std::move(name), type, true);
    flight->wanted = true;
    co_return co_await wait_for(std::move(flight));
  }

  void prefetch(std::string name, Type type) override {
    std::string key = key_of(name, type);
    if (core_->keeps(key) || core_->under_way(key)) return;
    Core::start(core_, std::move(key), std::move(name), type, false);
  }

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<Resolver> make_cache(asio::any_io_executor executor, Resolver& upstream,
                                     CacheOptions options) {
  return std::make_unique<Cache>(std::make_shared<Core>(std::move(executor), upstream, options));
}

}  // namespace mailassay::dns
