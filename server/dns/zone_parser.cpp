#include "dns/name.h"
#include "dns/rdata.h"
#include "dns/zone_data.h"
#include "dns/zone_entries.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace mailassay::dns {
namespace {

constexpr std::uint32_t kMaxTtl = 0x7fffffff;  // RFC 2181 section 8
constexpr std::uint32_t kMaxDelay = 600000;

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && lower(a) == lower(b);
}

std::optional<std::uint64_t> seconds_of(char unit) {
  switch (unit | 0x20) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 604800;
    default:
      return std::nullopt;
  }
}

// "3600", or "1h30m" as BIND writes it.
std::optional<std::uint32_t> read_ttl(std::string_view text) {
  std::uint64_t total = 0;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::uint64_t unit = 1;
    if (!text.empty()) {
      const auto seconds = seconds_of(text.front());
      if (!seconds) return std::nullopt;
      unit = *seconds;
      text.remove_prefix(1);
    }
    total += number * unit;
    if (total > kMaxTtl) return std::nullopt;
  }
  return static_cast<std::uint32_t>(total);
}

bool starts_with_digit(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

class Parser {
 public:
  explicit Parser(ZoneData& zone) : zone_(zone) {}

  // What is wrong with the entry, or an empty string.
  std::string read(const Entry& entry) {
    const Token& first = entry.tokens.front();
    if (!entry.blank_owner && !first.quoted && first.text.starts_with('$'))
      return read_directive(first.text, std::span(entry.tokens).subspan(1));
    return read_record(entry);
  }

 private:
  using Tokens = std::span<const Token>;

  std::string read_directive(std::string_view word, Tokens arguments) {
    if (same_word(word, "$ORIGIN")) return read_origin(arguments);
    if (same_word(word, "$TTL")) return read_default_ttl(arguments);
    if (same_word(word, "$TIMEOUT")) return read_failure(word, Status::timeout, arguments);
    if (same_word(word, "$SERVFAIL")) return read_failure(word, Status::servfail, arguments);
    if (same_word(word, "$NXDOMAIN")) return read_nxdomain(arguments);
    if (same_word(word, "$NODATA")) return read_no_data(arguments);
    if (same_word(word, "$DELAY")) return read_delay(arguments);
    return fmt::format(
        "'{}' is not a directive here: use $ORIGIN, $TTL, $TIMEOUT, $SERVFAIL, $NXDOMAIN, $NODATA or "
        "$DELAY",
        word);
  }

  std::string read_origin(Tokens arguments) {
    if (arguments.size() != 1) return "$ORIGIN takes one name: write '$ORIGIN example.com.'";
    auto name = read_name(arguments[0], origin_);
    if (name.has_error()) return name.error().message;
    origin_ = std::move(*name);
    return {};
  }

  std::string read_default_ttl(Tokens arguments) {
    const auto ttl = arguments.size() == 1 ? read_ttl(arguments[0].text) : std::nullopt;
    if (!ttl) return "$TTL takes one number of seconds up to 2147483647: write '$TTL 3600'";
    default_ttl_ = *ttl;
    return {};
  }

  std::string read_failure(std::string_view word, Status status, Tokens arguments) {
    if (arguments.empty() || arguments.size() > 2)
      return fmt::format("{} takes a name and perhaps a type: write '{} example.com TXT'", word, word);
    auto name = owner_name(arguments[0]);
    if (name.has_error()) return name.error().message;
    if (arguments.size() == 1) {
      Node& node = zone_.at(*name);
      node.exists = true;
      node.failure = status;
      return {};
    }
    return set_type_status(*name, arguments[1], status);
  }

  std::string read_nxdomain(Tokens arguments) {
    if (arguments.size() != 1) return "$NXDOMAIN takes one name: write '$NXDOMAIN example.com'";
    auto name = owner_name(arguments[0]);
    if (name.has_error()) return name.error().message;
    zone_.at(*name).removed = true;
    return {};
  }

  std::string read_no_data(Tokens arguments) {
    if (arguments.size() != 2) return "$NODATA takes a name and a type: write '$NODATA example.com TXT'";
    auto name = owner_name(arguments[0]);
    if (name.has_error()) return name.error().message;
    return set_type_status(*name, arguments[1], Status::no_data);
  }

  std::string set_type_status(const std::string& name, const Token& word, Status status) {
    const auto type = type_named(word.text);
    if (!type) return unknown_type(word.text);
    Node& node = zone_.at(name);
    node.exists = true;
    node.type_status[*type] = status;
    return {};
  }

  std::string read_delay(Tokens arguments) {
    constexpr auto kForm =
        "$DELAY takes a name and milliseconds up to 600000: write '$DELAY example.com 250'";
    if (arguments.size() != 2) return kForm;
    auto name = owner_name(arguments[0]);
    if (name.has_error()) return name.error().message;
    const std::string_view text = arguments[1].text;
    std::uint32_t milliseconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    if (error != std::errc() || end != text.data() + text.size() || milliseconds > kMaxDelay) return kForm;
    zone_.set_delay(*name, std::chrono::milliseconds(milliseconds));
    return {};
  }

  std::string read_record(const Entry& entry) {
    Tokens rest(entry.tokens);
    if (!entry.blank_owner) {
      auto name = owner_name(rest.front());
      if (name.has_error()) return name.error().message;
      owner_ = std::move(*name);
      rest = rest.subspan(1);
    }
    if (!owner_)
      return "the line begins with a blank, which repeats the previous owner, but there is none yet: begin "
             "it with the "
             "name";
    std::optional<std::uint32_t> ttl;
    if (auto fault = read_ttl_and_class(rest, ttl); !fault.empty()) return fault;
    if (rest.empty()) return fmt::format("no record type after '{}': write 'name TYPE data'", *owner_);
    const auto type = rest[0].quoted ? std::nullopt : type_named(rest[0].text);
    if (!type) return unknown_type(rest[0].text);
    auto data = read_rdata(*type, rest.subspan(1), origin_);
    if (data.has_error()) return data.error().message;
    return add({*owner_, *type, ttl.value_or(default_ttl_), std::move(*data)});
  }

  // RFC 1035 section 5.1: TTL and class in either order, each at most once.
  static std::string read_ttl_and_class(Tokens& rest, std::optional<std::uint32_t>& ttl) {
    bool has_class = false;
    for (; !rest.empty() && !rest[0].quoted; rest = rest.subspan(1)) {
      const std::string_view word = rest[0].text;
      if (!has_class && same_word(word, "IN")) {
        has_class = true;
      } else if (same_word(word, "CH") || same_word(word, "HS") || same_word(word, "CS")) {
        return fmt::format("class {}: only IN is served here; write 'IN' or nothing", word);
      } else if (!ttl && starts_with_digit(word)) {
        ttl = read_ttl(word);
        if (!ttl)
          return fmt::format("TTL '{}' is not a number of seconds up to 2147483647: write 3600 or 1h", word);
      } else {
        break;
      }
    }
    return {};
  }

  std::string add(Record record) {
    Node& node = zone_.at(record.owner);
    const bool other_data = std::any_of(node.sets.begin(), node.sets.end(), [&](const auto& set) {
      return (set.first == Type::CNAME) != (record.type == Type::CNAME);
    });
    if (other_data)
      return fmt::format(
          "'{}' has a CNAME and other data, which the DNS forbids (RFC 1034 section 3.6.2): keep one",
          record.owner);
    auto& set = node.sets[record.type];
    // RFC 2181 section 5: an RRset holds no record twice.
    const bool known =
        std::any_of(set.begin(), set.end(), [&](const Record& other) { return other.data == record.data; });
    if (record.type == Type::CNAME && !set.empty() && !known)
      return fmt::format("'{}' has two CNAMEs, and a name has at most one: keep one", record.owner);
    node.exists = true;
    if (!known) set.push_back(std::move(record));
    return {};
  }

  boost::system::result<std::string, ZoneError> owner_name(const Token& token) const {
    if (token.text == "@" && origin_.empty())
      return fault("'@' stands for $ORIGIN, and there is none yet: write the name, or '$ORIGIN name' above");
    return read_name(token, origin_);
  }

  static std::string unknown_type(std::string_view word) {
    return fmt::format(
        "'{}' is not a record type: a line is 'name [ttl] [IN] TYPE data', such as "
        "'example.com TXT \"v=spf1 -all\"'",
        word);
  }

  ZoneData& zone_;
  std::string origin_;
  std::optional<std::string> owner_;
  std::uint32_t default_ttl_ = kDefaultTtl;
};

}  // namespace

boost::system::result<std::shared_ptr<const Zone>, ZoneError> Zone::parse(std::string_view text) {
  const auto entries = read_entries(text);
  if (entries.has_error()) return entries.error();
  const auto zone = std::make_shared<ZoneData>();
  Parser parser(*zone);
  for (const Entry& entry : *entries)
    if (auto fault = parser.read(entry); !fault.empty()) return ZoneError{entry.line, std::move(fault)};
  zone->complete();
  return std::shared_ptr<const Zone>(zone);
}

}  // namespace mailassay::dns
