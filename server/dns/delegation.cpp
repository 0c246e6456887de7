#include "dns/delegation.h"

#include "dns/name.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace mailassay::dns {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxLevels = 12;  // labels asked about; a cut further down is found by referrals
constexpr std::size_t kMaxServers = 6;  // names of a zone's servers that are looked up
constexpr std::size_t kMaxAddresses = 4;

struct Network {
  const char* address;
  unsigned prefix;
};

// Beside IpAddress::special_purpose: networks whose addresses stand for others (6to4, Teredo, ORCHID) or for
// tests and protocols (RFC 6890).
constexpr Network kNotOneHost[] = {
    {"192.0.0.0", 24}, {"192.88.99.0", 24}, {"198.18.0.0", 15}, {"2001::", 23}, {"2002::", 16}};

bool within(const net::IpAddress& ip, const Network& network) {
  return ip.in_network(*net::IpAddress::parse(network.address), network.prefix);
}

// The name and those above it, the longest first, without the root.
std::vector<std::string> levels_of(std::string_view name) {
  std::vector<std::string> levels;
  for (auto level = without_trailing_dot(name); !level.empty(); level = parent(level))
    levels.emplace_back(level);
  if (levels.size() > kMaxLevels)
    levels.erase(levels.begin(), levels.end() - static_cast<std::ptrdiff_t>(kMaxLevels));
  return levels;
}

// The first address of that type that may be asked.
std::optional<net::IpAddress> pick(const std::vector<Record>& records, const std::string& server, Type type,
                                   bool allow_private, bool& left_out) {
  for (const auto& record : records) {
    if (record.type != type || !same_name(record.owner, server)) continue;
    if (allow_private || may_be_asked(record.address())) return record.address();
    left_out = true;
  }
  return std::nullopt;
}

asio::awaitable<std::vector<Record>> records_of(Resolver& recursive, const std::string& server, Type type) {
  const AnswerPtr answer = co_await recursive.query(server, type);
  std::vector<Record> records = answer->records;
  for (auto& record : records) record.owner = server;  // RFC 2181 section 10.3 forbids CNAMEs here; some have
  co_return records;
}

}  // namespace

bool may_be_asked(const net::IpAddress& ip) {
  if (!ip.special_purpose().empty()) return false;
  if (!ip.is_v4() && !within(ip, {"2000::", 3})) return false;  // global unicast (RFC 4291 section 2.4)
  return std::none_of(std::begin(kNotOneHost), std::end(kNotOneHost),
                      [&](const Network& network) { return within(ip, network); });
}

asio::awaitable<Delegation> find_delegation(Resolver& recursive, std::string name) {
  const auto levels = levels_of(name);
  for (const auto& level : levels) recursive.prefetch(level, Type::NS);
  for (const auto& level : levels) {
    const AnswerPtr answer = co_await recursive.query(level, Type::NS);
    if (answer->status != Status::records || !answer->aliases.empty()) continue;  // an alias cuts no zone
    Delegation delegation{level, {}, {}};
    for (const auto& record : answer->records) delegation.servers.push_back(record.name());
    co_return delegation;
  }
  co_return Delegation{};
}

asio::awaitable<ServerAddresses> addresses_of(Resolver& recursive, Delegation delegation,
                                              bool allow_private) {
  ServerAddresses found;
  auto& servers = delegation.servers;
  if (servers.size() > kMaxServers) servers.resize(kMaxServers);
  const auto has_glue = [&](const std::string& server) {
    return std::any_of(delegation.glue.begin(), delegation.glue.end(),
                       [&](const Record& record) { return same_name(record.owner, server); });
  };
  for (const auto& server : servers) {
    if (has_glue(server)) continue;
    recursive.prefetch(server, Type::A);
    recursive.prefetch(server, Type::AAAA);
  }
  for (const auto& server : servers) {
    for (const auto type : {Type::A, Type::AAAA}) {
      if (found.usable.size() == kMaxAddresses) co_return found;
      std::vector<Record> records = delegation.glue;
      if (!has_glue(server)) records = co_await records_of(recursive, server, type);
      if (const auto ip = pick(records, server, type, allow_private, found.special_left_out))
        found.usable.push_back({server, *ip});
    }
  }
  co_return found;
}

bool leads_down(Referral& referral, const std::string& zone, const std::string& name) {
  if (same_name(referral.zone, zone) || !is_subdomain_or_equal(referral.zone, zone) ||
      !is_subdomain_or_equal(name, referral.zone) || referral.servers.empty())
    return false;
  std::erase_if(referral.glue,
                [&](const Record& record) { return !is_subdomain_or_equal(record.owner, zone); });
  return true;
}

}  // namespace mailassay::dns
