// Something that happens once, and coroutines that wait for it. One thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace mailassay::intake {

class Signal {
 public:
  explicit Signal(const boost::asio::any_io_executor& executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  void set() {
    happened_ = true;
    timer_.cancel();
  }
  bool happened() const { return happened_; }
  // The signal must live until this returns.
  boost::asio::awaitable<void> wait() {
    boost::system::error_code cancelled;
    if (!happened_)
      co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
  }

 private:
  boost::asio::steady_timer timer_;
  bool happened_ = false;
};

}  // namespace mailassay::intake
