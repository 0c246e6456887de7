// One DNS server asked directly, and what asking several of them, name by name along CNAMEs, comes to.
#pragma once

#include "dns/cares_channel.h"
#include "dns/wire.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mailassay::dns {

struct Server {
  ServerAddress address;
  std::shared_ptr<CaresChannel> udp;
  std::shared_ptr<CaresChannel> tcp;

  static Server open(const boost::asio::any_io_executor& executor, const ServerAddress& address,
                     std::chrono::milliseconds timeout);
  void close();
};

struct Question {
  std::string name;
  Type type = Type::A;
  std::vector<std::uint8_t> wire_name;
  Recursion recursion = Recursion::desired;
  std::string within;  // see read_response
};

// What came of asking, and from where.
struct Reply {
  Response response{.status = Status::timeout};
  std::string server;
  bool over_tcp = false;
  std::string instead;  // as in Answer
};

// UDP with EDNS, without it for servers from before it, TCP when truncated; a time-out if nobody answered.
boost::asio::awaitable<Reply> ask_server(Server server, Question question);

// Asks for the name, then for where its CNAMEs lead as long as servers leave them to us.
using AskHop = std::function<boost::asio::awaitable<Reply>(Question)>;
boost::asio::awaitable<AnswerPtr> follow_aliases(std::string name, Type type, AskHop ask);

}  // namespace mailassay::dns
