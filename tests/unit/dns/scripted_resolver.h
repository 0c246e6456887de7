// An upstream for tests: answers from a zone, counts the questions, and can hold them back.
#pragma once

#include "dns/zone.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailassay::dns::test {

class ScriptedResolver final : public Resolver {
 public:
  ScriptedResolver(boost::asio::io_context& context, std::shared_ptr<const Zone> zone)
      : gate_(context, std::chrono::steady_clock::time_point::max()), zone_(std::move(zone)) {}

  boost::asio::awaitable<AnswerPtr> query(std::string name, Type type) override {
    ++asked[name];
    if (held) co_await gate_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    Answer answer = zone_->answer(name, type);
    answer.server = "live";
    answer.elapsed = std::chrono::microseconds(1500);
    if (ttl) answer.ttl = *ttl;
    co_return std::make_shared<const Answer>(std::move(answer));
  }

  void prefetch(std::string name, Type) override { ++prefetched[name]; }

  void release() {
    held = false;
    gate_.cancel();
  }

  bool held = false;
  std::optional<std::uint32_t> ttl;
  std::map<std::string, int> asked;
  std::map<std::string, int> prefetched;

 private:
  boost::asio::steady_timer gate_;
  std::shared_ptr<const Zone> zone_;
};

}  // namespace mailassay::dns::test
