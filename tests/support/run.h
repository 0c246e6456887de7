// Runs a coroutine to its end on a context of its own.
#pragma once

#include <exception>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace mailassay::test {

template <typename T>
T run(boost::asio::awaitable<T> task, boost::asio::io_context& context) {
  std::optional<T> result;
  std::exception_ptr failure;
  const auto keep = [&]() -> boost::asio::awaitable<void> { result.emplace(co_await std::move(task)); };
  boost::asio::co_spawn(context, keep(), [&](std::exception_ptr error) { failure = error; });
  context.restart();
  context.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

template <typename T>
T run(boost::asio::awaitable<T> task) {
  boost::asio::io_context context;
  return run(std::move(task), context);
}

}  // namespace mailassay::test
