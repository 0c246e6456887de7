#include "cli/server_options.h"

#include <algorithm>
#include <charconv>
#include <unistd.h>

#include <fmt/format.h>

namespace mailassay::cli {
namespace {

bool is_loopback(std::string_view endpoint) {
  const auto address = net::IpAddress::parse(config::parse_endpoint("listen", endpoint).address);
  return address && address->special_purpose() == "loopback";
}

smtp::Network network_of(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = net::IpAddress::parse(text.substr(0, slash));
  unsigned prefix = address ? static_cast<unsigned>(address->octets().size() * 8) : 0;
  bool good = address.has_value();
  if (good && slash != std::string::npos) {
    const auto* end = text.data() + text.size();
    unsigned given = 0;
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, given);
    good = error == std::errc{} && stop == end && given <= prefix;
    prefix = given;
  }
  if (!good)
    throw config::BadOption(
        fmt::format("smtp.proxy_protocol_from: '{}' is not a network, such as 10.0.0.0/8", text));
  return {*address, prefix};
}

smtp::AuthOffer auth_offer(const std::string& word) {
  if (word == "on") return smtp::AuthOffer::always;
  return word == "off" ? smtp::AuthOffer::never : smtp::AuthOffer::loopback;
}

}  // namespace

config::Options server_options(const ServeArguments& arguments) {
  config::Options options;
  if (!arguments.config_file.empty()) config::read_file(options, arguments.config_file);
  config::read_environment(options, environ);
  for (const auto& [key, values] : arguments.flags) config::set(options, key, values, "flag");
  config::validate(options);
  return options;
}

smtp::Options smtp_options(const config::Options& options) {
  smtp::Options smtp;
  smtp.hostname = options.host();
  smtp.max_mail_octets = static_cast<std::uint64_t>(options.smtp_max_message_bytes);
  smtp.max_recipients = static_cast<std::size_t>(options.smtp_max_recipients);
  smtp.max_line_octets = static_cast<std::size_t>(options.smtp_max_line);
  smtp.max_errors = static_cast<int>(options.smtp_max_errors);
  smtp.max_connections = static_cast<std::size_t>(options.smtp_max_connections);
  smtp.max_connections_per_ip = static_cast<std::size_t>(options.smtp_max_connections_per_ip);
  smtp.timeouts.command = std::chrono::seconds(options.smtp_command_timeout);
  smtp.timeouts.data = std::chrono::seconds(options.smtp_data_timeout);
  smtp.auth = auth_offer(options.smtp_auth);
  smtp.tls = options.smtp_tls;
  smtp.tls_certificate = options.smtp_certificate;
  smtp.tls_key = options.smtp_key;
  smtp.data_folder = options.data;
  for (const auto& text : options.smtp_proxy_protocol_from) smtp.proxy_networks.push_back(network_of(text));
  return smtp;
}

std::vector<smtp::ListenAddress> smtp_addresses(const config::Options& options) {
  std::vector<smtp::ListenAddress> addresses;
  const bool proxies = !options.smtp_proxy_protocol_from.empty();
  for (const bool implicit_tls : {false, true})
    for (const auto& text : implicit_tls ? options.smtp_listen_tls : options.smtp_listen) {
      const auto [address, port] = config::parse_endpoint("smtp.listen", text);
      addresses.push_back({address, port, implicit_tls, proxies});
    }
  return addresses;
}

http::Options http_options(const config::Options& options) {
  http::Options http;
  const auto [address, port] = config::parse_endpoint("http.listen", options.http_listen);
  http.address = address;
  http.port = port;
  http.public_url = options.http_public_url;
  http.domain = options.domain;
  http.access_key = options.http_access_key;
  http.max_viewers = static_cast<std::size_t>(options.http_max_viewers);
  return http;
}

bool is_local_alone(const config::Options& options) {
  return is_loopback(options.http_listen) &&
         std::all_of(options.smtp_listen.begin(), options.smtp_listen.end(), is_loopback) &&
         std::all_of(options.smtp_listen_tls.begin(), options.smtp_listen_tls.end(), is_loopback);
}

}  // namespace mailassay::cli
