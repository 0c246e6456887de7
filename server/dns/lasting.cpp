#include "dns/lasting.h"

#include <utility>

namespace mailassay::dns {
namespace {

class Lasting final : public Resolver {
 public:
  explicit Lasting(std::shared_ptr<Resolver> resolver) : resolver_(std::move(resolver)) {}

  boost::asio::awaitable<AnswerPtr> query(std::string name, Type type) override {
    return ask(resolver_, std::move(name), type);
  }

  void prefetch(std::string name, Type type) override { resolver_->prefetch(std::move(name), type); }

 private:
  // Static: the coroutine's own share is all that it stands on.
  static boost::asio::awaitable<AnswerPtr> ask(std::shared_ptr<Resolver> resolver, std::string name,
                                               Type type) {
    co_return co_await resolver->query(std::move(name), type);
  }

  std::shared_ptr<Resolver> resolver_;
};

}  // namespace

std::unique_ptr<Resolver> make_lasting(std::shared_ptr<Resolver> resolver) {
  return std::make_unique<Lasting>(std::move(resolver));
}

}  // namespace mailassay::dns
