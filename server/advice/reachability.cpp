#include "advice/reachability.h"

#include <algorithm>

#include <fmt/format.h>

namespace mailassay::advice {
namespace {

constexpr std::uint16_t kSmtpPort = 25;

using boost::json::array;
using boost::json::object;

class Findings {
 public:
  void add(std::string_view level, std::string_view code, object facts = {}) {
    facts["code"] = code;
    facts["level"] = level;
    list_.push_back(std::move(facts));
  }
  array take() { return std::move(list_); }

 private:
  array list_;
};

bool is_own(const Surroundings& surroundings, const net::IpAddress& ip) {
  const auto& own = surroundings.own_addresses;
  return std::find(own.begin(), own.end(), ip) != own.end();
}

// RFC 2606 and RFC 6761: names that no host on the internet can look up.
bool is_reserved(const std::string& domain) {
  for (const std::string_view top : {"test", "localhost", "invalid", "example", "local", "internal"})
    if (domain == top || domain.ends_with("." + std::string(top))) return true;
  return false;
}

array text_of(const std::vector<net::IpAddress>& addresses) {
  array texts;
  for (const auto& address : addresses) texts.emplace_back(address.to_string());
  return texts;
}

struct Host {
  std::vector<net::IpAddress> addresses;
  bool failed = false;
};

boost::asio::awaitable<Host> look_up(std::string name, dns::Resolver& resolver) {
  Host host;
  resolver.prefetch(name, dns::Type::AAAA);
  for (const auto type : {dns::Type::A, dns::Type::AAAA}) {
    const auto answer = co_await resolver.query(name, type);
    host.failed = host.failed || dns::is_failure(answer->status);
    for (const auto& record : answer->records) host.addresses.push_back(record.address());
  }
  co_return host;
}

bool leads_here(const Surroundings& surroundings, const Host& host) {
  return std::any_of(host.addresses.begin(), host.addresses.end(),
                     [&](const auto& address) { return is_own(surroundings, address); });
}

// RFC 5321 section 5.1: the MX hosts, or the domain's own addresses where it has no MX.
boost::asio::awaitable<void> look_at_dns(const Surroundings& surroundings, dns::Resolver& resolver,
                                         object& known, Findings& findings) {
  const auto& domain = surroundings.domain;
  const auto answer = co_await resolver.query(domain, dns::Type::MX);
  known["mx_status"] = dns::to_string(answer->status);
  array hosts;
  bool any_here = false;
  array elsewhere;
  for (const auto& record : answer->records) {
    const auto& mx = record.mx();
    const auto host = co_await look_up(mx.host, resolver);
    const bool here = leads_here(surroundings, host);
    any_here = any_here || here;
    if (!here) elsewhere.push_back(object{{"host", mx.host}, {"addresses", text_of(host.addresses)}});
    hosts.push_back(object{{"host", mx.host},
                           {"preference", mx.preference},
                           {"addresses", text_of(host.addresses)},
                           {"leads_here", here}});
  }
  known["mx"] = hosts;
  const auto own = co_await look_up(domain, resolver);
  known["addresses"] = text_of(own.addresses);

  if (is_reserved(domain)) {
    findings.add("hint", "reserved_domain", {{"domain", domain}});
  } else if (dns::is_failure(answer->status)) {
    findings.add("problem", "dns_failed", {{"domain", domain}, {"status", dns::to_string(answer->status)}});
  } else if (any_here) {
    findings.add("ok", "mx_leads_here", {{"domain", domain}});
  } else if (!answer->records.empty()) {
    const auto& first = elsewhere.front().as_object();
    findings.add("problem", "mx_elsewhere",
                 {{"domain", domain}, {"host", first.at("host")}, {"addresses", first.at("addresses")}});
  } else {
    findings.add("problem", "no_mx", {{"domain", domain}});
    if (own.addresses.empty())
      findings.add("problem", "no_address", {{"domain", domain}});
    else if (leads_here(surroundings, own))
      findings.add("ok", "address_leads_here", {{"domain", domain}});
    else
      findings.add("problem", "address_elsewhere",
                   {{"domain", domain}, {"addresses", text_of(own.addresses)}});
  }
}

void look_at_sockets(const Surroundings& surroundings, object& known, Findings& findings) {
  array sockets;
  bool outside = false, standard_port = false;
  for (const auto& [address, port] : surroundings.listening) {
    const bool loopback = address.special_purpose() == "loopback";
    outside = outside || !loopback;
    standard_port = standard_port || (!loopback && port == kSmtpPort);
    const auto text = address.is_v4() ? fmt::format("{}:{}", address.to_string(), port)
                                      : fmt::format("[{}]:{}", address.to_string(), port);
    sockets.push_back(object{{"address", text}, {"scope", loopback ? "loopback" : "outside"}});
  }
  if (!outside)
    findings.add("problem", "not_listening_outside", {{"listening", sockets}});
  else if (!standard_port)
    findings.add("problem", "port_not_25", {{"listening", sockets}});
  else
    findings.add("ok", "listening", {{"listening", sockets}});
  known["listening"] = std::move(sockets);
}

void look_at_visitors(const Surroundings& surroundings, object& known, Findings& findings) {
  known["last_outside_connection"] = nullptr;
  array refused;
  for (const auto& [at, ip, code, text] : surroundings.refused)
    refused.push_back(object{{"at", at}, {"ip", ip}, {"code", code}, {"text", text}});
  if (surroundings.last_outside_at) {
    object last{{"at", *surroundings.last_outside_at}, {"ip", surroundings.last_outside_ip}};
    findings.add("ok", "connected_lately", last);
    known["last_outside_connection"] = std::move(last);
  } else if (surroundings.observed) {
    findings.add("hint", "never_connected");
    findings.add("hint", "firewall_hint");
  }
  if (!surroundings.refused.empty()) {
    const auto& [at, ip, code, text] = surroundings.refused.front();
    findings.add("hint", "refused_lately",
                 {{"at", at}, {"ip", ip}, {"reply", fmt::format("{} {}", code, text)}});
  }
  known["refused"] = std::move(refused);
}

}  // namespace

boost::asio::awaitable<object> reachability(Surroundings surroundings, dns::Resolver& resolver) {
  object known{{"domain", surroundings.domain}};
  Findings findings;
  co_await look_at_dns(surroundings, resolver, known, findings);
  look_at_sockets(surroundings, known, findings);
  look_at_visitors(surroundings, known, findings);
  known["findings"] = findings.take();
  co_return known;
}

std::string masked(const net::IpAddress& ip) {
  const auto text = ip.to_string();
  if (ip.is_v4()) return text.substr(0, text.rfind('.')) + ".x";
  const auto octets = ip.octets();
  const auto group = [&](int index) {
    return (octets[static_cast<std::size_t>(2 * index)] << 8) |
           octets[static_cast<std::size_t>(2 * index + 1)];
  };
  return fmt::format("{:x}:{:x}:{:x}:x", group(0), group(1), group(2));
}

}  // namespace mailassay::advice
