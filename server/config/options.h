// Every option of the server, from its TOML file, the environment and flags; later ones win. Validated once.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailassay::config {

// One clear line: the option, where it was set, what is wrong, the fix.
class BadOption : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Options {
  std::string domain = "mailassay.test";
  std::string hostname;      // empty: the domain
  std::string data;          // empty: $XDG_DATA_HOME/mailassay or ~/.local/share/mailassay
  std::int64_t threads = 0;  // 0: one a core but one, which is the disk's
  std::string log_level = "info";

  std::vector<std::string> smtp_listen{"127.0.0.1:2525"};
  std::vector<std::string> smtp_listen_tls;
  bool smtp_tls = true;
  std::string smtp_certificate;
  std::string smtp_key;
  std::string smtp_auth = "loopback";
  std::int64_t smtp_max_message_bytes = 32 * 1024 * 1024;
  std::int64_t smtp_max_recipients = 100;
  std::int64_t smtp_max_line = 2000;
  std::int64_t smtp_max_errors = 20;
  std::int64_t smtp_max_connections = 10000;
  std::int64_t smtp_max_connections_per_ip = 200;
  std::int64_t smtp_command_timeout = 300;
  std::int64_t smtp_data_timeout = 180;
  std::vector<std::string> smtp_proxy_protocol_from;

  std::int64_t inbox_days = 7;
  std::int64_t inbox_max_mails = 1000;

  std::string http_listen = "127.0.0.1:8080";
  std::string http_public_url;  // empty: http:// and the listening address
  std::string http_access_key;
  std::int64_t http_max_viewers = 1000;

  std::vector<std::string> dns_servers;  // empty: /etc/resolv.conf
  std::int64_t dns_timeout_ms = 2000;
  std::string dns_zone;
  std::string dns_overlay;

  std::string host() const { return hostname.empty() ? domain : hostname; }
};

using Field = std::variant<std::string Options::*, std::vector<std::string> Options::*,
                           std::int64_t Options::*, bool Options::*>;

// One option by its names: `key` in the TOML file ("smtp.listen"), MAILASSAY_SMTP_LISTEN in the environment.
struct Setting {
  std::string_view key;
  Field field;
  std::string_view help;
  std::int64_t least = 0, most = 0;  // of a number

  std::string environment_name() const;
};
std::span<const Setting> settings();

// Sets one option from its texts. `origin` says where they stood ("--smtp", "MAILASSAY_DOMAIN", "file.toml
// line 3").
void set(Options& options, std::string_view key, const std::vector<std::string>& texts,
         const std::string& origin);

// Reads a TOML file. An unknown key is an error that names the known ones of its table.
void read_file(Options& options, const std::string& path);
// Reads MAILASSAY_… variables; a list is separated by commas. An unknown MAILASSAY_ name is an error.
void read_environment(Options& options, const char* const* environment);

// Looks at what only shows in the whole (zone beside overlay, certificate without key, …) and fills defaults
// that depend on others.
void validate(Options& options);

struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
};
// "127.0.0.1:25", "[::1]:25"; throws BadOption naming `key`.
Endpoint parse_endpoint(std::string_view key, std::string_view text);

// config/mailassay.toml: every option with its help, commented out with its default.
std::string commented_defaults();

}  // namespace mailassay::config
