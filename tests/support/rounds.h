// A DNS that answers round by round: what is asked side by side is answered together, so that its rounds
// count round trips, whatever the clock says.
#pragma once

#include "dns/zone.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailassay::test {

class Rounds final : public dns::Resolver {
 public:
  Rounds(std::shared_ptr<const dns::Zone> zone, boost::asio::io_context& context)
      : zone_(std::move(zone)), context_(context) {}

  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override {
    asked_ += name + ' ' + dns::to_string(type) + ", ";
    boost::asio::steady_timer answered(context_, boost::asio::steady_timer::time_point::max());
    waiting_.push_back(&answered);
    co_await answered.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return std::make_shared<dns::Answer>(zone_->answer(name, type));
  }

  // Runs until nobody asks any more; what was asked in each round.
  std::vector<std::string> run() {
    std::vector<std::string> rounds;
    for (poll(); !waiting_.empty(); poll()) {
      rounds.push_back(std::exchange(asked_, {}));
      for (auto* timer : std::exchange(waiting_, {})) timer->cancel();
    }
    return rounds;
  }

 private:
  void poll() {
    context_.restart();
    context_.poll();
  }

  std::shared_ptr<const dns::Zone> zone_;
  boost::asio::io_context& context_;
  std::vector<boost::asio::steady_timer*> waiting_;
  std::string asked_;
};

// For messages of failing tests.
inline std::string told(const std::vector<std::string>& rounds) {
  std::string text;
  for (const auto& round : rounds) text += "\n  " + round;
  return text;
}

}  // namespace mailassay::test
