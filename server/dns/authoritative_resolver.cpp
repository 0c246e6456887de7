#include "dns/authoritative_resolver.h"

#include "dns/delegation.h"
#include "dns/name.h"
#include "dns/server.h"

#include <map>
#include <utility>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;

constexpr int kMaxReferrals = 8;

struct Contact {
  Server server;
  bool spoke = false;   // at any time
  bool silent = false;  // was asked and never spoke
};

class AuthoritativeResolver final : public Resolver {
 public:
  AuthoritativeResolver(asio::any_io_executor executor, Resolver& recursive, AuthoritativeOptions options)
      : executor_(std::move(executor)), recursive_(recursive), options_(options), left_(options.exchanges) {}

  asio::awaitable<AnswerPtr> query(std::string name, Type type) override {
    return follow_aliases(std::move(name), type,
                          [this](Question question) { return ask_zone(std::move(question)); });
  }

 private:
  // From the closest zone that is known of down to the one that answers.
  asio::awaitable<Reply> ask_zone(Question question) {
    if (unreachable_) co_return co_await ask_recursive(std::move(question), "unreachable");
    question.recursion = Recursion::unwanted;
    Delegation delegation = co_await find_delegation(recursive_, question.name);
    if (delegation.servers.empty()) co_return co_await ask_recursive(std::move(question), "no_name_server");
    for (int depth = 0; depth < kMaxReferrals; ++depth) {
      question.within = delegation.zone;
      auto addresses = co_await addresses_of(recursive_, delegation, options_.allow_private);
      if (addresses.usable.empty())
        co_return co_await ask_recursive(std::move(question),
                                         addresses.special_left_out ? "special_address" : "no_address");
      Outcome outcome = co_await ask_servers(question, std::move(addresses.usable));
      if (!outcome.why.empty()) co_return co_await ask_recursive(std::move(question), outcome.why);
      if (!outcome.reply.response.referral) co_return std::move(outcome.reply);
      delegation = std::move(*outcome.reply.response.referral);
    }
    co_return Reply{
        .response = {.status = Status::servfail}, .server = "zone " + delegation.zone, .instead = {}};
  }

  struct Outcome {
    Reply reply;
    std::string why;  // the zone's servers have said nothing that counts
  };

  // One server after the other, until one answers by authority or refers further down.
  asio::awaitable<Outcome> ask_servers(Question question, std::vector<NamedAddress> addresses) {
    const auto& first = addresses.front();
    Outcome best{.reply = {.server = first.name + " " + address_of(first).to_string(), .instead = {}},
                 .why = {}};
    const int tries = addresses.size() == 1 ? 2 : 1;  // packets get lost
    bool lame = false;
    const auto silent_before = silent_among(addresses);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (silent_before[i]) continue;
      if (left_ < tries) co_return Outcome{.reply = {}, .why = "too_many_questions"};
      Reply reply = co_await ask(addresses[i], question, tries);
      auto& response = reply.response;
      if (is_answer(response, question)) co_return Outcome{.reply = std::move(reply), .why = {}};
      if (response.status == Status::timeout) continue;
      if (is_failure(response.status) && !response.referral)
        best.reply = std::move(reply);
      else
        lame = true;
    }
    if (best.reply.response.status != Status::timeout) co_return best;
    if (lame) best.why = "not_authoritative";
    // Nobody outside has ever answered: not that zone is silent, but our way out is closed.
    if (!heard_) {
      unreachable_ = true;
      best.why = "unreachable";
    }
    co_return best;
  }

  asio::awaitable<Reply> ask(NamedAddress address, Question question, int tries) {
    Contact& contact = contact_at(address);
    Reply reply;
    while (tries-- > 0 && reply.response.status == Status::timeout) {
      --left_;
      reply = co_await ask_server(contact.server, question);
    }
    contact.spoke = contact.spoke || reply.over_tcp || reply.response.status != Status::timeout;
    heard_ = heard_ || contact.spoke;
    contact.silent = !contact.spoke;
    reply.server = address.name + " " + reply.server;
    co_return reply;
  }

  static bool is_answer(Response& response, const Question& question) {
    if (response.referral && leads_down(*response.referral, question.within, question.name)) return true;
    return response.authoritative && !is_failure(response.status);
  }

  // What the resolver says, told as such.
  asio::awaitable<Reply> ask_recursive(Question question, std::string why) {
    const AnswerPtr answer = co_await recursive_.query(question.name, question.type);
    Reply reply{
        .server = "resolver " + answer->server, .over_tcp = answer->over_tcp, .instead = std::move(why)};
    reply.response = {.status = answer->status,
                      .rcode = answer->rcode,
                      .authenticated = answer->authenticated,
                      .records = answer->records,
                      .aliases = answer->aliases,
                      .ttl = answer->ttl};
    co_return reply;
  }

  ServerAddress address_of(const NamedAddress& address) const { return {address.ip, options_.port}; }

  Contact& contact_at(const NamedAddress& address) {
    const auto found = contacts_.find(address.ip);
    if (found != contacts_.end()) return found->second;
    Contact contact{.server = Server::open(executor_, address_of(address), options_.timeout)};
    return contacts_.emplace(address.ip, std::move(contact)).first->second;
  }

  std::vector<bool> silent_among(const std::vector<NamedAddress>& addresses) const {
    std::vector<bool> silent;
    for (const auto& address : addresses) {
      const auto found = contacts_.find(address.ip);
      silent.push_back(found != contacts_.end() && found->second.silent);
    }
    return silent;
  }

  asio::any_io_executor executor_;
  Resolver& recursive_;
  AuthoritativeOptions options_;
  std::map<net::IpAddress, Contact> contacts_;  // a map, since coroutines keep references into it
  int left_;
  bool heard_ = false;        // some server outside has answered
  bool unreachable_ = false;  // none did, when all of a zone's were asked
};

}  // namespace

std::unique_ptr<Resolver> make_authoritative_resolver(asio::any_io_executor executor, Resolver& recursive,
                                                      AuthoritativeOptions options) {
  return std::make_unique<AuthoritativeResolver>(std::move(executor), recursive, options);
}

}  // namespace mailassay::dns
