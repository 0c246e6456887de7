#include "intake/connection_json.h"

#include "trace/json.h"

#include <exception>

namespace mailassay::intake {
namespace {

namespace json = boost::json;

json::value text(std::string_view octets) {
  return json::value(trace::valid_utf8(octets));
}

json::value ip_or_null(const std::optional<net::IpAddress>& ip) {
  return ip ? json::value(ip->to_string()) : json::value(nullptr);
}

std::string string_of(const json::value& value) {
  return json::value_to<std::string>(value);
}

std::optional<net::IpAddress> ip_of(const json::value& value) {
  return value.is_null() ? std::nullopt : net::IpAddress::parse(string_of(value));
}

}  // namespace

std::string to_json(const evaluation::Connection& connection) {
  const auto& envelope = connection.envelope;
  json::array recipients;
  for (const auto& recipient : envelope.rcpt_to) recipients.push_back(text(recipient));
  json::object object{{"ip", ip_or_null(connection.ip)},  {"peer", ip_or_null(connection.peer)},
                      {"helo", text(envelope.helo)},      {"mail_from", text(envelope.mail_from)},
                      {"rcpt_to", std::move(recipients)}, {"tls", nullptr},
                      {"smtputf8", envelope.smtputf8}};
  if (envelope.tls)
    object["tls"] = {{"version", text(envelope.tls->version)}, {"cipher", text(envelope.tls->cipher)}};
  return json::serialize(object);
}

std::optional<evaluation::Connection> read_connection(std::string_view text) try {
  const auto value = json::parse(json::string_view(text.data(), text.size()));
  const auto& object = value.as_object();
  evaluation::Connection connection;
  connection.ip = ip_of(object.at("ip"));
  connection.peer = ip_of(object.at("peer"));
  auto& envelope = connection.envelope;
  envelope.helo = string_of(object.at("helo"));
  envelope.mail_from = string_of(object.at("mail_from"));
  envelope.rcpt_to = json::value_to<std::vector<std::string>>(object.at("rcpt_to"));
  envelope.smtputf8 = object.at("smtputf8").as_bool();
  if (const auto& tls = object.at("tls"); !tls.is_null())
    envelope.tls = message::Tls{string_of(tls.at("version")), string_of(tls.at("cipher"))};
  return connection;
} catch (const std::exception&) {
  return std::nullopt;
}

}  // namespace mailassay::intake
