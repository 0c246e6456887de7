#include "dns/server_address.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

namespace mailassay::dns {
namespace {

constexpr std::size_t kMaxServers = 3;
constexpr std::string_view kBlanks = " \t\r";

std::string_view next_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// The first word of the line, taken off.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

std::string ServerAddress::to_string() const {
  const std::string host = ip.is_v4() ? ip.to_string() : '[' + ip.to_string() + ']';
  return host + ':' + std::to_string(port);
}

std::optional<ServerAddress> parse_server(std::string_view text) {
  if (const auto alone = net::IpAddress::parse(text)) return ServerAddress{*alone};
  std::string_view host = text;
  std::optional<std::uint16_t> port = 53;
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos && !text.ends_with(']')) {
    host = text.substr(0, colon);
    port = parse_port(text.substr(colon + 1));
  }
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  const auto ip = net::IpAddress::parse(host);
  if (!ip || !port || bracketed == (host.find(':') == std::string_view::npos)) return std::nullopt;
  return ServerAddress{*ip, *port};
}

std::vector<ServerAddress> parse_resolv_conf(std::string_view text) {
  std::vector<ServerAddress> servers;
  while (!text.empty() && servers.size() < kMaxServers) {
    std::string_view line = next_line(text);
    if (next_word(line) != "nameserver") continue;
    if (const auto ip = net::IpAddress::parse(next_word(line))) servers.push_back({*ip});
  }
  return servers;
}

std::vector<ServerAddress> choose_servers(const std::vector<std::string>& given,
                                          const std::string& resolv_conf) {
  std::vector<ServerAddress> servers;
  for (const auto& text : given) {
    const auto server = parse_server(text);
    if (!server)
      throw std::runtime_error(fmt::format(
          "DNS server '{}' is not an address: write ADDR:PORT, such as 127.0.0.1:53 or [::1]:53", text));
    servers.push_back(*server);
  }
  if (!servers.empty()) return servers;
  std::ifstream file(resolv_conf, std::ios::binary);
  servers = parse_resolv_conf(std::string(std::istreambuf_iterator<char>(file), {}));
  if (servers.empty())
    throw std::runtime_error(fmt::format(
        "no DNS server: {} has no usable 'nameserver' line; add one, or give --dns ADDR:PORT", resolv_conf));
  return servers;
}

}  // namespace mailassay::dns
