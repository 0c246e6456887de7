#include "config/options.h"

#include "net/ip_address.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mailassay::config {
namespace {

constexpr std::int64_t kMany = 1'000'000'000;

const Setting kSettings[] = {
    {"domain", &Options::domain, "The domain that receives: addresses are ld-...@domain."},
    {"hostname", &Options::hostname,
     "This host's name, in the greeting and as authserv-id in Authentication-Results. Empty: the domain."},
    {"data", &Options::data, "Folder of the database and the certificate. Empty: ~/.local/share/mailassay."},
    {"threads", &Options::threads, "I/O threads. 0: one a core but one, which is the disk's.", 0, 256},
    {"log_level", &Options::log_level, "trace, debug, info, warn, error or off."},
    {"smtp.listen", &Options::smtp_listen,
     "Where SMTP listens (plain, with STARTTLS): ADDR:PORT or [V6]:PORT."},
    {"smtp.listen_tls", &Options::smtp_listen_tls,
     "Where SMTP listens with TLS from the first octet (port 465's way)."},
    {"smtp.tls", &Options::smtp_tls,
     "Offer STARTTLS. Off for clients that refuse a self-signed certificate."},
    {"smtp.certificate", &Options::smtp_certificate,
     "PEM file of the certificate chain. Empty: a self-signed one, made at the first start."},
    {"smtp.key", &Options::smtp_key, "PEM file of the certificate's private key."},
    {"smtp.auth", &Options::smtp_auth,
     "Who may log in, with any name and password: loopback, on (everybody) or off."},
    {"smtp.max_message_bytes", &Options::smtp_max_message_bytes, "The largest mail, in octets.", 1024, kMany},
    {"smtp.max_recipients", &Options::smtp_max_recipients, "Recipients of one mail.", 1, 100000},
    {"smtp.max_line", &Options::smtp_max_line, "The longest command line, in octets.", 512, 65536},
    {"smtp.max_errors", &Options::smtp_max_errors, "Errors before a session is ended.", 1, 10000},
    {"smtp.max_connections", &Options::smtp_max_connections, "Connections at once.", 1, 1000000},
    {"smtp.max_connections_per_ip", &Options::smtp_max_connections_per_ip,
     "Connections at once from one address.", 1, 1000000},
    {"smtp.command_timeout", &Options::smtp_command_timeout,
     "Seconds to wait for a command (RFC 5321 section 4.5.3.2.7).", 1, 86400},
    {"smtp.data_timeout", &Options::smtp_data_timeout,
     "Seconds to wait for the next octets of a mail (RFC 5321 section 4.5.3.2.5).", 1, 86400},
    {"smtp.proxy_protocol_from", &Options::smtp_proxy_protocol_from,
     "Networks of proxies that must send a PROXY header, such as 10.0.0.0/8. Empty: none."},
    {"inbox.days", &Options::inbox_days, "How long an inbox lives after its last mail.", 1, 3650},
    {"inbox.max_mails", &Options::inbox_max_mails, "Mails kept in one inbox.", 1, 1000000},
    {"http.listen", &Options::http_listen, "Where the page and the API listen."},
    {"http.public_url", &Options::http_public_url,
     "How browsers reach the page. Empty: http:// and http.listen."},
    {"http.access_key", &Options::http_access_key, "Locks page and API behind this key. Empty: open."},
    {"http.max_viewers", &Options::http_max_viewers, "Browsers that watch at once.", 1, 4000},
    {"dns.servers", &Options::dns_servers,
     "Resolvers to ask, ADDR:PORT. Empty: those of /etc/resolv.conf. A validating one on loopback is best."},
    {"dns.timeout_ms", &Options::dns_timeout_ms, "Milliseconds to wait for one try.", 50, 60000},
    {"dns.zone", &Options::dns_zone, "A zone file that is the whole DNS: for tests and demonstrations."},
    {"dns.overlay", &Options::dns_overlay, "A zone file whose records replace live ones."},
};

const Setting& find(std::string_view key, const std::string& origin) {
  for (const auto& setting : kSettings)
    if (setting.key == key) return setting;
  throw BadOption(
      fmt::format("{}: there is no option '{}'; config/mailassay.toml lists them all", origin, key));
}

std::string blame(const std::string& origin, std::string_view key) {
  return fmt::format("{} ({})", origin, key);
}

std::int64_t number(const Setting& setting, const std::string& text, const std::string& origin) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < setting.least ||
      value > setting.most)
    throw BadOption(fmt::format("{}: '{}' is not a number from {} to {}", blame(origin, setting.key), text,
                                setting.least, setting.most));
  return value;
}

bool truth(const Setting& setting, const std::string& text, const std::string& origin) {
  if (text == "true" || text == "on" || text == "yes" || text == "1") return true;
  if (text == "false" || text == "off" || text == "no" || text == "0") return false;
  throw BadOption(fmt::format("{}: '{}' is neither true nor false", blame(origin, setting.key), text));
}

void one_of(std::string_view key, const std::string& value, std::initializer_list<std::string_view> words) {
  if (std::find(words.begin(), words.end(), value) == words.end())
    throw BadOption(fmt::format("{}: '{}' is not one of {}", key, value, fmt::join(words, ", ")));
}

// A host name that can stand in a greeting and after an @: letters, digits, hyphens, dots; A-labels.
void host_name(std::string_view key, const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  if (name.empty() || name.size() > 253 || name.front() == '.' || name.back() == '.' ||
      name.find("..") != std::string::npos || !std::all_of(name.begin(), name.end(), plain))
    throw BadOption(
        fmt::format("{}: '{}' is not a domain name; write it like ld.example.com (an international one "
                    "as xn--...)",
                    key, name));
}

std::string default_data_folder() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) return std::string(data) + "/mailassay";
  if (const char* home = std::getenv("HOME"); home && *home)
    return std::string(home) + "/.local/share/mailassay";
  return "mailassay-data";
}

std::string as_toml(const Options& options, const Field& field) {
  const auto quoted = [](const std::string& text) { return fmt::format("\"{}\"", text); };
  struct Render {
    const Options& options;
    decltype(quoted)& quote;
    std::string operator()(std::string Options::*member) const { return quote(options.*member); }
    std::string operator()(std::int64_t Options::*member) const { return fmt::format("{}", options.*member); }
    std::string operator()(bool Options::*member) const { return options.*member ? "true" : "false"; }
    std::string operator()(std::vector<std::string> Options::*member) const {
      std::vector<std::string> items;
      for (const auto& item : options.*member) items.push_back(quote(item));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
  };
  return std::visit(Render{options, quoted}, field);
}

}  // namespace

std::span<const Setting> settings() {
  return kSettings;
}

std::string Setting::environment_name() const {
  std::string name = "MAILASSAY_" + std::string(key);
  for (auto& c : name) c = c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

void set(Options& options, std::string_view key, const std::vector<std::string>& texts,
         const std::string& origin) {
  const auto& setting = find(key, origin);
  if (const auto* list = std::get_if<std::vector<std::string> Options::*>(&setting.field)) {
    options.*(*list) = texts;
    return;
  }
  if (texts.size() != 1) throw BadOption(fmt::format("{}: takes one value, not a list", blame(origin, key)));
  const auto& text = texts.front();
  if (const auto* string = std::get_if<std::string Options::*>(&setting.field)) options.*(*string) = text;
  if (const auto* integer = std::get_if<std::int64_t Options::*>(&setting.field))
    options.*(*integer) = number(setting, text, origin);
  if (const auto* boolean = std::get_if<bool Options::*>(&setting.field))
    options.*(*boolean) = truth(setting, text, origin);
}

void read_environment(Options& options, const char* const* environment) {
  constexpr std::string_view kPrefix = "MAILASSAY_";
  for (; *environment; ++environment) {
    const std::string_view entry(*environment);
    const auto equals = entry.find('=');
    if (!entry.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    const std::string name(entry.substr(0, equals));
    const std::string value(entry.substr(equals + 1));
    // Read by the tests and by ./dev, not by the server.
    if (name == "MAILASSAY_CONFORMANCE" || name == "MAILASSAY_BIN" || name == "MAILASSAY_LANG") continue;
    const auto known = std::find_if(std::begin(kSettings), std::end(kSettings), [&](const Setting& setting) {
      return setting.environment_name() == name;
    });
    if (known == std::end(kSettings))
      throw BadOption(fmt::format("{}: there is no such option; config/mailassay.toml lists them all", name));
    std::vector<std::string> texts{value};
    if (std::holds_alternative<std::vector<std::string> Options::*>(known->field)) {
      texts.clear();
      for (std::size_t start = 0; start < value.size();) {
        const auto comma = std::min(value.find(',', start), value.size());
        texts.push_back(value.substr(start, comma - start));
        start = comma + 1;
      }
    }
    set(options, known->key, texts, name);
  }
}

Endpoint parse_endpoint(std::string_view key, std::string_view text) {
  const auto fail = [&](std::string_view fault) {
    throw BadOption(
        fmt::format("{}: '{}' {}; write ADDR:PORT, such as 127.0.0.1:2525 or [::]:25", key, text, fault));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) fail("has no port");
  auto address = text.substr(0, colon);
  const auto port_text = text.substr(colon + 1);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  else if (address.find(':') != std::string_view::npos)
    fail("is an IPv6 address without brackets");
  if (address == "localhost") address = "127.0.0.1";
  if (!net::IpAddress::parse(address)) fail("does not start with an IP address");
  unsigned port = 0;
  const auto [end, error] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  if (error != std::errc{} || end != port_text.data() + port_text.size() || port > 65535)
    fail("has a bad port");
  return {std::string(address), static_cast<std::uint16_t>(port)};
}

void validate(Options& options) {
  host_name("domain", options.domain);
  if (!options.hostname.empty()) host_name("hostname", options.hostname);
  if (options.data.empty()) options.data = default_data_folder();
  one_of("log_level", options.log_level, {"trace", "debug", "info", "warn", "error", "off"});
  one_of("smtp.auth", options.smtp_auth, {"loopback", "on", "off"});
  for (const auto& text : options.smtp_listen) parse_endpoint("smtp.listen", text);
  for (const auto& text : options.smtp_listen_tls) parse_endpoint("smtp.listen_tls", text);
  if (options.smtp_listen.empty() && options.smtp_listen_tls.empty())
    throw BadOption("smtp.listen: is empty, and so is smtp.listen_tls; nothing could receive a mail");
  parse_endpoint("http.listen", options.http_listen);
  if (options.smtp_certificate.empty() != options.smtp_key.empty())
    throw BadOption(
        "smtp.certificate and smtp.key go together; set both, or neither for a self-signed certificate");
  if (!options.dns_zone.empty() && !options.dns_overlay.empty())
    throw BadOption(
        "dns.zone and dns.overlay exclude each other: a zone is the whole DNS, an overlay replaces parts");
  if (const auto& url = options.http_public_url;
      !url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    throw BadOption(fmt::format("http.public_url: '{}' does not start with http:// or https://", url));
  while (options.http_public_url.ends_with('/')) options.http_public_url.pop_back();
}

std::string commented_defaults() {
  std::string text =
      "# Every option of the server with its default. Flags win over the environment "
      "(MAILASSAY_SMTP_LISTEN=…,\n"
      "# lists separated by commas), the environment wins over this file.\n";
  const Options defaults;
  std::string table;
  for (const auto& setting : kSettings) {
    const auto dot = setting.key.find('.');
    if (dot != std::string_view::npos && setting.key.substr(0, dot) != table) {
      table = setting.key.substr(0, dot);
      text += fmt::format("\n[{}]\n", table);
    }
    const auto name = dot == std::string_view::npos ? setting.key : setting.key.substr(dot + 1);
    text += fmt::format("\n# {}\n# {} = {}\n", setting.help, name, as_toml(defaults, setting.field));
  }
  return text;
}

}  // namespace mailassay::config
