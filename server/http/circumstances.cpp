#include "http/circumstances.h"

#include "dns/zone.h"
#include "trace/json.h"

#include <fmt/format.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;
using ZonePtr = std::shared_ptr<const dns::Zone>;

std::optional<Problem> read_zone(std::string_view member, const std::string& text, ZonePtr& zone) {
  auto parsed = dns::Zone::parse(text);
  if (!parsed)
    return Problem{400, fmt::format("{} line {}: {}", member, parsed.error().line,
                                    trace::valid_utf8(parsed.error().message))};
  zone = *parsed;
  return std::nullopt;
}

std::optional<Problem> read_member(std::string_view name, const std::string& text, LiveDns live,
                                   evaluation::Job& job) {
  if (name == "zone") return read_zone(name, text, job.zone);
  if (name == "overlay" && live == LiveDns::yes) return read_zone(name, text, job.overlay);
  if (name == "helo") {
    job.helo = text;
  } else if (name == "mail_from") {
    job.mail_from = text;
  } else if (name != "ip") {
    return Problem{400,
                   fmt::format("member \"{}\" is unknown: {}, ip, helo and mail_from may be given",
                               trace::valid_utf8(name), live == LiveDns::yes ? "zone or overlay" : "zone")};
  } else if (!net::IpAddress::parse(text)) {
    return Problem{400, "ip is not an IP address: write one such as \"192.0.2.1\" or \"2001:db8::1\""};
  } else {
    job.ip = text;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Problem> read_circumstances(const std::string& body, LiveDns live, evaluation::Job& job) {
  boost::system::error_code error;
  const json::value value = json::parse(body.empty() ? "{}" : body, error);
  if (error || !value.is_object())
    return Problem{
        400,
        fmt::format("the body is not a JSON object: send one such as {{\"{}\": \"example.com TXT ...\"}}",
                    live == LiveDns::yes ? "overlay" : "zone")};
  for (const auto& [name, member] : value.get_object()) {
    if (member.is_null()) continue;
    if (!member.is_string())
      return Problem{400, fmt::format("{} is not a string", trace::valid_utf8(std::string_view(name)))};
    if (auto problem = read_member(name, std::string(member.get_string()), live, job)) return problem;
  }
  if (job.zone && job.overlay)
    return Problem{400,
                   "zone and overlay exclude each other: a zone is the whole DNS, an overlay replaces parts"};
  return std::nullopt;
}

}  // namespace mailassay::http
