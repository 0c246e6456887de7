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
  boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T value) {
    failure = error;
    if (!error) result.emplace(std::move(value));
  });
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
