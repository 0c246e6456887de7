// One term of an SPF record: the grammar of RFC 7208 sections 4.6.1, 5 and 6.
#include "evaluation/spf/ascii.h"
#include "evaluation/spf/record.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>

namespace mailassay::spf {
namespace {

using evaluation::Result;

// What is wrong and where in the term, from 0; an empty `why` is no fault.
using Fault = MacroError;

std::optional<Result> qualifier_of(char c) {
  switch (c) {
    case '+':
      return Result::pass;
    case '-':
      return Result::fail;
    case '~':
      return Result::softfail;
    case '?':
      return Result::neutral;
    default:
      return std::nullopt;
  }
}

bool is_name(std::string_view name) {
  return !name.empty() && is_alpha(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alphanum(c) || c == '-' || c == '_' || c == '.';
  });
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), to_lower);
  return lowered;
}

// Reads what follows the mechanism's name. `at_` is where in the term the rest begins.
class ArgumentParser {
 public:
  ArgumentParser(std::string_view rest, std::size_t at) : rest_(rest), at_(at) {}

  std::optional<Mechanism> parse(std::string_view name) {
    if (name == "all") return none() ? std::optional<Mechanism>(All{}) : std::nullopt;
    if (name == "include") return with_domain<Include>();
    if (name == "exists") return with_domain<Exists>();
    if (name == "a") return with_cidr<A>();
    if (name == "mx") return with_cidr<Mx>();
    if (name == "ptr") return ptr();
    if (name == "ip4") return ip4();
    if (name == "ip6") return ip6();
    const bool modifier = name == "redirect" || name == "exp";
    fail(modifier ? "modifier_needs_equals" : "mechanism_unknown", 0);
    if (!modifier) fault_.offset = 0;
    return std::nullopt;
  }

  const Fault& fault() const { return fault_; }

 private:
  std::nullopt_t fail(std::string_view why, std::size_t offset) {
    fault_ = {why, at_ + offset};
    return std::nullopt;
  }

  bool none() {
    if (rest_.empty()) return true;
    fail("argument_not_allowed", 0);
    return false;
  }

  std::optional<MacroString> domain(std::string_view text, std::size_t offset) {
    auto spec = parse_domain_spec(text);
    if (!spec) return fail(spec.error().why, offset + spec.error().offset);
    return std::move(*spec);
  }

  template <typename Kind>
  std::optional<Mechanism> with_domain() {
    if (rest_.empty()) return fail("domain_missing", 0);
    if (rest_.front() == '/') return fail("prefix_length_misplaced", 0);
    auto spec = domain(rest_.substr(1), 1);
    if (!spec) return std::nullopt;
    return Kind{std::move(*spec)};
  }

  template <typename Kind>
  std::optional<Mechanism> with_cidr() {
    Kind kind;
    const auto cidr = take_dual_cidr(kind.cidr);
    if (!cidr) return std::nullopt;
    const auto spec = rest_.substr(0, *cidr);
    if (spec.empty()) return kind;
    if (spec.front() != ':') return fail("prefix_length_invalid", 0);
    kind.domain = domain(spec.substr(1), 1);
    if (!kind.domain) return std::nullopt;
    return kind;
  }

  std::optional<Mechanism> ptr() {
    if (rest_.empty()) return Ptr{};
    if (rest_.front() == '/') return fail("prefix_length_misplaced", 0);
    auto spec = domain(rest_.substr(1), 1);
    if (!spec) return std::nullopt;
    return Ptr{std::move(spec)};
  }

  // Where the trailing run of digits after `slashes` begins (at the slash), if rest_[0, end) has one.
  std::optional<std::size_t> cidr_start(std::size_t end, std::string_view slashes) const {
    auto digits = end;
    while (digits > 0 && is_digit(rest_[digits - 1])) --digits;
    if (digits == end || digits < slashes.size()) return std::nullopt;
    const auto start = digits - slashes.size();
    return rest_.substr(start, slashes.size()) == slashes ? std::optional(start) : std::nullopt;
  }

  std::optional<unsigned> prefix(std::string_view digits, std::size_t offset, unsigned longest) {
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit))
      return fail("prefix_length_invalid", offset);
    if (digits.size() > 1 && digits.front() == '0') return fail("prefix_length_leading_zero", offset);
    unsigned value = 0;
    for (const char digit : digits.substr(0, 4)) value = value * 10 + static_cast<unsigned>(digit - '0');
    if (value > longest) return fail("prefix_length_too_long", offset);
    return value;
  }

  // Takes [ "/" ip4 ] [ "//" ip6 ] from the end; tells where it began.
  std::optional<std::size_t> take_dual_cidr(DualCidr& cidr) {
    auto end = rest_.size();
    if (const auto six = cidr_start(end, "//")) {
      const auto length = prefix(rest_.substr(*six + 2, end - *six - 2), *six + 2, 128);
      if (!length) return std::nullopt;
      cidr.v6 = *length;
      end = *six;
    }
    if (const auto four = cidr_start(end, "/")) {
      const auto length = prefix(rest_.substr(*four + 1, end - *four - 1), *four + 1, 32);
      if (!length) return std::nullopt;
      cidr.v4 = *length;
      end = *four;
    }
    return end;
  }

  // ":" network [ "/" length ]: the network's text, and the length or `longest`.
  std::optional<std::string> network(unsigned longest, unsigned& length) {
    if (rest_.empty() || rest_.front() != ':' || rest_.size() == 1) return fail("address_missing", 0);
    const auto slash = std::min(rest_.find('/'), rest_.size());
    length = longest;
    if (slash < rest_.size()) {
      const auto given = prefix(rest_.substr(slash + 1), slash + 1, longest);
      if (!given) return std::nullopt;
      length = *given;
    }
    const std::string text(rest_.substr(1, slash - 1));
    if (text.find('\0') != std::string::npos) return fail("control_character", 1);
    return text;
  }

  std::optional<Mechanism> ip4() {
    Ip4 mechanism;
    const auto text = network(32, mechanism.prefix);
    if (!text) return std::nullopt;
    std::array<std::uint8_t, 4> octets;
    if (inet_pton(AF_INET, text->c_str(), octets.data()) != 1) {
      std::array<std::uint8_t, 16> six;
      return fail(inet_pton(AF_INET6, text->c_str(), six.data()) == 1 ? "ip6_in_ip4" : "ip4_invalid", 1);
    }
    mechanism.network = net::IpAddress::v4(octets);
    return mechanism;
  }

  std::optional<Mechanism> ip6() {
    Ip6 mechanism;
    const auto text = network(128, mechanism.prefix);
    if (!text) return std::nullopt;
    std::array<std::uint8_t, 16> octets;
    if (inet_pton(AF_INET6, text->c_str(), octets.data()) != 1) {
      std::array<std::uint8_t, 4> four;
      return fail(inet_pton(AF_INET, text->c_str(), four.data()) == 1 ? "ip4_in_ip6" : "ip6_invalid", 1);
    }
    // Cleared first: ::ffff:0:0/0 is every IPv6 address, not an IPv4 network.
    for (unsigned bit = mechanism.prefix; bit < 128; ++bit)
      octets[bit / 8] = static_cast<std::uint8_t>(octets[bit / 8] & ~(0x80U >> (bit % 8)));
    mechanism.network = net::IpAddress::v6(octets);
    return mechanism;
  }

  std::string_view rest_;
  std::size_t at_;
  Fault fault_;
};

SyntaxError syntax_error(std::string_view term, const Fault& fault) {
  return {std::string(term), fault.offset + 1, fault.why};
}

boost::system::result<Term, SyntaxError> parse_modifier(std::string_view text, std::size_t equals) {
  const auto name = text.substr(0, equals);
  if (!is_name(name)) {
    const bool qualified = !name.empty() && qualifier_of(name.front()) && is_name(name.substr(1));
    return syntax_error(text, {qualified ? "qualifier_on_modifier" : "modifier_name", 0});
  }
  Modifier modifier{std::string(text), lower(name), {}};
  const bool takes_domain = modifier.name == "redirect" || modifier.name == "exp";
  const auto value = text.substr(equals + 1);
  auto parsed = takes_domain ? parse_domain_spec(value) : parse_macro_string(value);
  if (!parsed) return syntax_error(text, {parsed.error().why, equals + 1 + parsed.error().offset});
  modifier.value = std::move(*parsed);
  return Term(std::move(modifier));
}

boost::system::result<Term, SyntaxError> parse_directive(std::string_view text) {
  Directive directive;
  directive.text = text;
  const auto qualifier = text.empty() ? std::nullopt : qualifier_of(text.front());
  directive.qualifier = qualifier.value_or(Result::pass);
  const std::size_t start = qualifier ? 1 : 0;
  const auto name_end = std::min(text.find_first_of(":/", start), text.size());
  const auto name = lower(text.substr(start, name_end - start));
  if (name.empty()) return syntax_error(text, {"mechanism_missing", start});
  ArgumentParser arguments(text.substr(name_end), name_end);
  auto mechanism = arguments.parse(name);
  if (!mechanism) return syntax_error(text, arguments.fault());
  directive.mechanism = std::move(*mechanism);
  return Term(std::move(directive));
}

}  // namespace

boost::system::result<Term, SyntaxError> parse_term(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_ascii(text[i])) return syntax_error(text, {"not_ascii", i});
    if (!is_visible(text[i])) return syntax_error(text, {"control_character", i});
  }
  const auto mark = text.find_first_of(":/=");
  if (mark != std::string_view::npos && text[mark] == '=') return parse_modifier(text, mark);
  return parse_directive(text);
}

}  // namespace mailassay::spf
