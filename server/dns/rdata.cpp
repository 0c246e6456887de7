#include "dns/rdata.h"

#include "dns/ldns_records.h"
#include "dns/name.h"

#include <charconv>

#include <fmt/format.h>

namespace mailassay::dns {
namespace {

using Name = boost::system::result<std::string, ZoneError>;
using Data = boost::system::result<RecordData, ZoneError>;

constexpr std::size_t kMaxString = 255;

// `\DDD` and `\X` become octets; only a dot or backslash inside a label keeps a backslash.
std::optional<std::string> normalised(std::string_view text) {
  std::string name;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      name += text[at];
      continue;
    }
    const std::size_t length = at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9' ? 4 : 2;
    const auto octet = unescape(text.substr(at, length));
    if (!octet) return std::nullopt;
    if (*octet == "." || *octet == "\\") name += '\\';
    name += *octet;
    at += length - 1;
  }
  return name;
}

bool is_fully_qualified(std::string_view name) {
  return without_trailing_dot(name).size() != name.size();
}

Data read_address(Type type, const Token& token) {
  const auto address = net::IpAddress::parse(token.text);
  const bool v6_text = token.text.find(':') != std::string_view::npos;
  if (!address || v6_text != (type == Type::AAAA))
    return fault(fmt::format("'{}' is not an {} address: {}", token.text, type == Type::A ? "IPv4" : "IPv6",
                             type == Type::A
                                 ? "write four numbers, such as 192.0.2.1"
                                 : "write it as 2001:db8::1 (an IPv4 address belongs in an A record)"));
  return RecordData(*address);
}

Data read_mx(std::span<const Token> tokens, std::string_view origin) {
  MailExchanger exchanger;
  const auto text = tokens[0].text;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exchanger.preference);
  if (error != std::errc() || end != text.data() + text.size())
    return fault(fmt::format("MX preference '{}' is not a number from 0 to 65535: write 'MX 10 host'", text));
  auto host = read_name(tokens[1], origin);
  if (host.has_error()) return host.error();
  exchanger.host = std::move(*host);
  return RecordData(std::move(exchanger));
}

Data read_strings(std::span<const Token> tokens) {
  std::vector<std::string> strings;
  for (const Token& token : tokens) {
    auto octets = unescape(token.text);
    if (!octets)
      return fault(fmt::format(
          "bad escape in '{}': write '\\\\' for a backslash, or '\\DDD' with three digits up to 255",
          token.text));
    if (octets->size() > kMaxString)
      return fault(fmt::format(
          "a string of {} octets, over the 255 that one character-string holds: split it into several "
          "quoted strings on the same record, (\"…\" \"…\")",
          octets->size()));
    strings.push_back(std::move(*octets));
  }
  return RecordData(std::move(strings));
}

Data exactly(std::size_t wanted, Type type, std::span<const Token> tokens, std::string_view form) {
  const std::string word = to_string(type);
  if (tokens.size() < wanted)
    return fault(fmt::format("{} needs more data: write '{} {}'", word, word, form));
  return fault(fmt::format(
      "'{}' is left over after the {} record: remove it, or start a new line; the form is '{} {}'",
      tokens[wanted].text, word, word, form));
}

}  // namespace

std::optional<Type> type_named(std::string_view word) {
  constexpr Type kOwn[] = {Type::A,   Type::NS, Type::CNAME, Type::SOA,
                           Type::PTR, Type::MX, Type::TXT,   Type::AAAA};
  for (const Type type : kOwn)
    if (same_name(word, to_string(type))) return type;
  return ldns_type_named(word);
}

Name read_name(const Token& token, std::string_view origin) {
  if (token.quoted)
    return fault(fmt::format("the name \"{}\" is in quotes: write it without them", token.text));
  if (token.text == "@") return std::string(origin);
  if (token.text == ".") return std::string();
  const auto name = normalised(token.text);
  if (!name)
    return fault(fmt::format(
        "bad escape in the name '{}': use '\\DDD' with three digits up to 255, or '\\' and a character",
        token.text));
  std::string full(without_trailing_dot(*name));
  if (!is_fully_qualified(*name) && !origin.empty()) full += '.' + std::string(origin);
  if (!to_wire(full))
    return fault(
        fmt::format("'{}' is not a domain name: labels hold 1 to 63 octets, the whole at most 253", full));
  return full;
}

Data read_rdata(Type type, std::span<const Token> tokens, std::string_view origin) {
  switch (type) {
    case Type::A:
    case Type::AAAA:
      if (tokens.size() != 1) return exactly(1, type, tokens, type == Type::A ? "192.0.2.1" : "2001:db8::1");
      return read_address(type, tokens[0]);
    case Type::MX:
      if (tokens.size() != 2) return exactly(2, type, tokens, "10 mail.example.com.");
      return read_mx(tokens, origin);
    case Type::NS:
    case Type::PTR:
    case Type::CNAME: {
      if (tokens.size() != 1) return exactly(1, type, tokens, "host.example.com.");
      auto name = read_name(tokens[0], origin);
      if (name.has_error()) return name.error();
      return RecordData(std::move(*name));
    }
    case Type::TXT:
    case kSpf:
      if (tokens.empty())
        return fault(fmt::format("{} needs a string: write '{} \"text\"'", to_string(type), to_string(type)));
      return read_strings(tokens);
    default:
      return ldns_rdata(type, tokens, origin);
  }
}

}  // namespace mailassay::dns
