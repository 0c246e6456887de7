#include "dns/server.h"

#include "dns/name.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <unistd.h>
#include <utility>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr int kMaxHops = 8;  // questions for one name, where servers leave CNAMEs to us
constexpr std::uint8_t kFormErr = 1;

std::uint16_t random_id() {
  std::uint16_t id = 0;
  if (getentropy(&id, sizeof id) != 0)
    id = static_cast<std::uint16_t>(Clock::now().time_since_epoch().count());
  return id;
}

// Nothing if nobody answered in time.
asio::awaitable<std::optional<Response>> exchange(std::shared_ptr<CaresChannel> channel,
                                                  const Question& question, bool edns) {
  auto query = make_query(random_id(), question.wire_name, question.type, edns, question.recursion);
  const auto octets = co_await CaresChannel::exchange(std::move(channel), std::move(query));
  if (octets.empty()) co_return std::nullopt;
  auto response = read_response(octets, question.name, question.type, question.within);
  if (!response) response.emplace(Response{.status = Status::servfail});  // octets that are no DNS message
  co_return response;
}

// Adds a hop's reply to the answer so far.
void add_hop(Reply reply, bool first, Answer& answer) {
  Response& response = reply.response;
  answer.status = response.status;
  answer.rcode = response.rcode;
  answer.records = std::move(response.records);
  std::move(response.aliases.begin(), response.aliases.end(), std::back_inserter(answer.aliases));
  answer.authenticated = response.authenticated && (first || answer.authenticated);
  answer.authoritative = response.authoritative && (first || answer.authoritative);
  answer.ttl = first ? response.ttl : std::min(answer.ttl, response.ttl);
  answer.server = std::move(reply.server);
  answer.over_tcp = answer.over_tcp || reply.over_tcp;
  answer.instead = std::move(reply.instead);
}

// True if the chain came back to a name that it left.
bool is_loop(const Answer& answer) {
  const auto& last = answer.aliases.back();
  return same_name(last, answer.name) ||
         std::any_of(answer.aliases.begin(), answer.aliases.end() - 1,
                     [&](const std::string& alias) { return same_name(alias, last); });
}

}  // namespace

Server Server::open(const asio::any_io_executor& executor, const ServerAddress& address,
                    std::chrono::milliseconds timeout) {
  return {address, CaresChannel::open(executor, address, Transport::udp, timeout),
          CaresChannel::open(executor, address, Transport::tcp, timeout)};
}

void Server::close() {
  udp->close();
  tcp->close();
}

asio::awaitable<Reply> ask_server(Server server, Question question) {
  Reply reply{.server = server.address.to_string(), .instead = {}};
  auto response = co_await exchange(server.udp, question, true);
  if (response && response->rcode == kFormErr) response = co_await exchange(server.udp, question, false);
  if (response && response->truncated) {
    reply.over_tcp = true;
    response = co_await exchange(server.tcp, question, true);
  }
  if (response) reply.response = std::move(*response);
  co_return reply;
}

asio::awaitable<AnswerPtr> follow_aliases(std::string name, Type type, AskHop ask) {
  const auto start = Clock::now();
  Answer answer{.name = name, .type = type};
  std::string current(without_trailing_dot(name));
  bool goes_on = true;
  for (int hop = 0; goes_on && hop < kMaxHops; ++hop) {
    auto wire = to_wire(current);
    if (!wire) {
      answer.status = Status::bad_name;
      break;
    }
    Question question{.name = current, .type = type, .wire_name = std::move(*wire), .within = {}};
    Reply reply = co_await ask(std::move(question));
    goes_on = reply.response.ends_at_an_alias;
    add_hop(std::move(reply), hop == 0, answer);
    if (goes_on && is_loop(answer)) break;
    if (goes_on) current = answer.aliases.back();
  }
  if (goes_on) answer.status = answer.status == Status::bad_name ? answer.status : Status::servfail;
  answer.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  co_return std::make_shared<const Answer>(std::move(answer));
}

}  // namespace mailassay::dns
