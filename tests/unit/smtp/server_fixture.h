// A running server, and a blocking client to talk to it.
#pragma once

#include "fake_handler.h"
#include "smtp/listener.h"

#include <filesystem>
#include <mutex>
#include <thread>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace mailassay::smtp {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

// Keeps what all handlers were told, from all threads.
struct Told {
  std::mutex mutex;
  std::vector<std::string> mails;
  std::vector<trace::Step> steps;
  std::size_t handlers = 0, closed = 0;
};

class TellingHandler final : public FakeHandler {
 public:
  explicit TellingHandler(Told& told) : told_(told) {}
  ~TellingHandler() override {
    const std::lock_guard lock(told_.mutex);
    told_.mails.insert(told_.mails.end(), mails.begin(), mails.end());
    told_.steps.insert(told_.steps.end(), recorder.steps().begin(), recorder.steps().end());
    ++told_.handlers;
    told_.closed += count("closed");
  }

 private:
  Told& told_;
};

class Factory final : public HandlerFactory {
 public:
  explicit Factory(Told& told) : told_(told) {}
  std::unique_ptr<Handler> make_handler(asio::any_io_executor, net::IpAddress) override {
    return std::make_unique<TellingHandler>(told_);
  }

 private:
  Told& told_;
};

// A blocking client that reads replies line by line.
template <typename Stream>
class Talk {
 public:
  explicit Talk(Stream& stream) : stream_(stream) {}
  void send(std::string_view octets) { asio::write(stream_, asio::buffer(octets.data(), octets.size())); }
  // The last line of the next reply; empty at the end of the connection.
  std::string reply() {
    for (;;) {
      boost::system::error_code error;
      const auto size = asio::read_until(stream_, asio::dynamic_buffer(pending_), "\r\n", error);
      if (error) return {};
      const auto line = pending_.substr(0, size - 2);
      pending_.erase(0, size);
      if (line.size() < 4 || line[3] == ' ') return line;
    }
  }
  std::string ask(std::string_view octets) {
    send(octets);
    return reply();
  }

 private:
  Stream& stream_;
  std::string pending_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest()
      : folder(std::filesystem::temp_directory_path() / ("smtp-server-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder);
    options.hostname = "mx.test";
    options.data_folder = folder.string();
    options.timeouts.farewell = 500ms;
  }
  ~ServerTest() override {
    stop();
    std::filesystem::remove_all(folder);
  }

  void start(std::vector<ListenAddress> addresses) {
    server = std::make_unique<Server>(options, std::vector<asio::io_context*>{&contexts[0], &contexts[1]},
                                      std::vector<HandlerFactory*>{&factory, &factory}, activity);
    for (const auto& address : addresses) endpoints.push_back(server->listen(address));
    for (auto& context : contexts) {
      threads.emplace_back([&context] {
        const auto work = asio::make_work_guard(context);
        context.run();
      });
    }
  }
  void stop() {
    if (!server) return;
    server->stop(200ms);
    EXPECT_TRUE(server->wait_stopped(10s));
    for (auto& context : contexts) context.stop();
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(told.handlers, told.closed) << "each handler hears of its end";
    server.reset();
  }
  std::size_t steps(std::string_view kind) {
    return static_cast<std::size_t>(
        std::count_if(told.steps.begin(), told.steps.end(), [&](const auto& s) { return s.kind == kind; }));
  }
  tcp::socket connect(std::size_t endpoint = 0) {
    tcp::socket socket(client_context);
    socket.connect(endpoints.at(endpoint));
    return socket;
  }

  std::filesystem::path folder;
  Options options;
  Activity activity;
  Told told;
  Factory factory{told};
  asio::io_context contexts[2];
  asio::io_context client_context;
  asio::ssl::context client_tls{asio::ssl::context::tls_client};
  std::unique_ptr<Server> server;
  std::vector<tcp::endpoint> endpoints;
  std::vector<std::thread> threads;
};

}  // namespace mailassay::smtp
