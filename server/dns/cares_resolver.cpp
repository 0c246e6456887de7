#include "dns/cares_resolver.h"

#include "dns/server.h"
#include "dns/server_address.h"

#include <utility>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;

// Outlives the resolver while a question is under way.
class Core {
 public:
  Core(asio::any_io_executor executor, CaresOptions options)
      : executor_(std::move(executor)), options_(std::move(options)) {
    for (const auto& address : choose_servers(options_.servers, options_.resolv_conf))
      servers_.push_back(Server::open(executor_, address, options_.timeout));
  }

  void close() {
    closed_ = true;
    for (auto& server : servers_) server.close();
  }

  static asio::awaitable<AnswerPtr> resolve(std::shared_ptr<Core> core, std::string name, Type type) {
    return follow_aliases(std::move(name), type, [core = std::move(core)](Question question) {
      return ask_servers(core, std::move(question));
    });
  }

 private:
  // Every server in turn, then again those that kept silent; who refused or failed once is not asked again.
  static asio::awaitable<Reply> ask_servers(std::shared_ptr<Core> core, Question question) {
    Reply best;
    std::vector<bool> out(core->servers_.size(), false);
    for (int attempt = 0; attempt < core->options_.tries; ++attempt) {
      for (std::size_t turn = 0; turn < out.size() && !core->closed_; ++turn) {
        const std::size_t index = (core->preferred_ + turn) % out.size();
        if (out[index]) continue;
        Reply reply = co_await ask_server(core->servers_[index], question);
        if (!is_failure(reply.response.status)) {
          core->preferred_ = index;
          co_return reply;
        }
        out[index] = reply.response.status != Status::timeout;
        if (out[index] || best.server.empty()) best = std::move(reply);
      }
    }
    co_return best;
  }

  asio::any_io_executor executor_;
  CaresOptions options_;
  std::vector<Server> servers_;
  std::size_t preferred_ = 0;  // who answered last: c-ares has no memory of dead servers
  bool closed_ = false;
};

class CaresResolver final : public Resolver {
 public:
  explicit CaresResolver(std::shared_ptr<Core> core) : core_(std::move(core)) {}
  ~CaresResolver() override { core_->close(); }

  asio::awaitable<AnswerPtr> query(std::string name, Type type) override {
    return Core::resolve(core_, std::move(name), type);
  }

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<Resolver> make_cares_resolver(asio::any_io_executor executor, CaresOptions options) {
  return std::make_unique<CaresResolver>(std::make_shared<Core>(std::move(executor), std::move(options)));
}

}  // namespace mailassay::dns
