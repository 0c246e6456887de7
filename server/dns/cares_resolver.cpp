#include "dns/cares_resolver.h"

#include "dns/cares_channel.h"
#include "dns/name.h"
#include "dns/server_address.h"
#include "dns/wire.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unistd.h>
#include <utility>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using WireName = std::vector<std::uint8_t>;

constexpr int kMaxHops = 8;  // questions for one name, where servers leave CNAMEs to us
constexpr std::uint8_t kFormErr = 1;

std::uint16_t random_id() {
  std::uint16_t id = 0;
  if (getentropy(&id, sizeof id) != 0)
    id = static_cast<std::uint16_t>(Clock::now().time_since_epoch().count());
  return id;
}

struct Server {
  ServerAddress address;
  std::shared_ptr<CaresChannel> udp;
  std::shared_ptr<CaresChannel> tcp;
};

// What came of asking, and from where.
struct Reply {
  Response response{.status = Status::timeout};
  std::string server;
  bool over_tcp = false;
};

// Outlives the resolver while a question is under way.
class Core {
 public:
  Core(asio::any_io_executor executor, CaresOptions options)
      : executor_(std::move(executor)), options_(std::move(options)) {
    for (auto& address : choose_servers(options_.servers, options_.resolv_conf)) {
      servers_.push_back({address, open(address, Transport::udp), open(address, Transport::tcp)});
    }
  }

  void close() {
    closed_ = true;
    for (auto& server : servers_) {
      server.udp->close();
      server.tcp->close();
    }
  }

  static asio::awaitable<AnswerPtr> resolve(std::shared_ptr<Core> core, std::string name, Type type) {
    const auto start = Clock::now();
    Answer answer{.name = name, .type = type};
    std::string current(without_trailing_dot(name));
    bool goes_on = true;
    for (int hop = 0; goes_on && hop < kMaxHops; ++hop) {
      const auto wire = to_wire(current);
      if (!wire) {
        answer.status = Status::bad_name;
        break;
      }
      Reply reply = co_await ask_servers(core, *wire, current, type);
      goes_on = reply.response.ends_at_an_alias;
      if (goes_on) current = reply.response.aliases.back();
      take(std::move(reply), hop == 0, answer);
    }
    if (goes_on) answer.status = answer.status == Status::bad_name ? answer.status : Status::servfail;
    answer.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    co_return std::make_shared<const Answer>(std::move(answer));
  }

 private:
  // Every server in turn, then again those that kept silent; who refused or failed once is not asked again.
  static asio::awaitable<Reply> ask_servers(std::shared_ptr<Core> core, WireName wire, std::string name,
                                            Type type) {
    Reply best;
    std::vector<bool> out(core->servers_.size(), false);
    for (int attempt = 0; attempt < core->options_.tries; ++attempt) {
      for (std::size_t turn = 0; turn < out.size() && !core->closed_; ++turn) {
        const std::size_t index = (core->preferred_ + turn) % out.size();
        if (out[index]) continue;
        Reply reply = co_await ask_server(core, index, wire, name, type);
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

  static asio::awaitable<Reply> ask_server(std::shared_ptr<Core> core, std::size_t index, WireName wire,
                                           std::string name, Type type) {
    const Server& server = core->servers_[index];
    Reply reply{.server = server.address.to_string()};
    auto response = co_await exchange(server.udp, wire, name, type, true);
    if (response && response->rcode == kFormErr)  // a server from before EDNS
      response = co_await exchange(server.udp, wire, name, type, false);
    if (response && response->truncated) {
      reply.over_tcp = true;
      response = co_await exchange(server.tcp, wire, name, type, true);
    }
    if (response) reply.response = std::move(*response);
    co_return reply;
  }

  // Nothing if nobody answered in time.
  static asio::awaitable<std::optional<Response>> exchange(std::shared_ptr<CaresChannel> channel,
                                                           WireName wire, std::string name, Type type,
                                                           bool edns) {
    auto query = make_query(random_id(), wire, type, edns);
    const auto octets = co_await CaresChannel::exchange(std::move(channel), std::move(query));
    if (octets.empty()) co_return std::nullopt;
    auto response = read_response(octets, name, type);
    if (!response) response.emplace(Response{.status = Status::servfail});  // octets that are no DNS message
    co_return response;
  }

  // Adds a hop's reply to the answer so far.
  static void take(Reply reply, bool first, Answer& answer) {
    Response& response = reply.response;
    answer.status = response.status;
    answer.rcode = response.rcode;
    answer.records = std::move(response.records);
    std::move(response.aliases.begin(), response.aliases.end(), std::back_inserter(answer.aliases));
    answer.authenticated = response.authenticated && (first || answer.authenticated);
    answer.ttl = first ? response.ttl : std::min(answer.ttl, response.ttl);
    answer.server = std::move(reply.server);
    answer.over_tcp = answer.over_tcp || reply.over_tcp;
  }

  std::shared_ptr<CaresChannel> open(const ServerAddress& address, Transport transport) const {
    return CaresChannel::open(executor_, address, transport, options_.timeout);
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
