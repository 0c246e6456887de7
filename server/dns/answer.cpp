#include "dns/answer.h"

#include "dns/name.h"

#include <fmt/format.h>

namespace mailassay::dns {
namespace {

// A character-string in quotes (RFC 1035 section 5.1).
void append_quoted(std::string_view octets, std::string& text) {
  text += '"';
  std::size_t plain = 0;  // from here on nothing needs a backslash
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto octet = static_cast<std::uint8_t>(octets[i]);
    const bool printable = octet >= ' ' && octet < 0x7f;
    if (printable && octet != '"' && octet != '\\') continue;
    text.append(octets, plain, i - plain);
    text += '\\';
    plain = printable ? i : i + 1;
    if (printable) continue;
    text += static_cast<char>('0' + octet / 100);
    text += static_cast<char>('0' + octet / 10 % 10);
    text += static_cast<char>('0' + octet % 10);
  }
  text.append(octets, plain);
  text += '"';
}

bool holds_name(Type type) {
  return type == Type::NS || type == Type::PTR || type == Type::CNAME;
}

}  // namespace

std::string to_string(Type type) {
  switch (type) {
    case Type::A:
      return "A";
    case Type::NS:
      return "NS";
    case Type::CNAME:
      return "CNAME";
    case Type::SOA:
      return "SOA";
    case Type::PTR:
      return "PTR";
    case Type::MX:
      return "MX";
    case Type::TXT:
      return "TXT";
    case Type::AAAA:
      return "AAAA";
  }
  return "TYPE" + std::to_string(static_cast<unsigned>(type));
}

std::string_view to_string(Status status) {
  switch (status) {
    case Status::records:
      return "records";
    case Status::no_data:
      return "no_data";
    case Status::nxdomain:
      return "nxdomain";
    case Status::servfail:
      return "servfail";
    case Status::refused:
      return "refused";
    case Status::timeout:
      return "timeout";
    case Status::bad_name:
      return "bad_name";
  }
  return "servfail";
}

std::string Record::text() const {
  const auto& strings = std::get<std::vector<std::string>>(data);
  if (strings.size() == 1) return strings.front();
  std::string joined;
  for (const auto& string : strings) joined += string;
  return joined;
}

std::string Record::to_string() const {
  if (const auto* address = std::get_if<net::IpAddress>(&data)) return address->to_string();
  if (const auto* exchanger = std::get_if<MailExchanger>(&data))
    return std::to_string(exchanger->preference) + ' ' + to_presentation(exchanger->host);
  if (const auto* text = std::get_if<std::string>(&data))
    return holds_name(type) ? to_presentation(*text) : *text;
  std::string presentation;
  for (const auto& string : std::get<std::vector<std::string>>(data)) {
    if (!presentation.empty()) presentation += ' ';
    append_quoted(string, presentation);
  }
  return presentation;
}

std::string zone_line(std::string_view name, std::string_view type, std::string_view value) {
  constexpr std::size_t kString = 255;
  auto line = fmt::format("{} {}", name, type);
  if (type != "TXT") return fmt::format("{} {}", line, value);
  for (std::size_t start = 0; start == 0 || start < value.size(); start += kString) {
    line += ' ';
    append_quoted(value.substr(start, kString), line);
  }
  return line;
}

}  // namespace mailassay::dns
