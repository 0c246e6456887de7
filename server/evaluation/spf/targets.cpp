// What a term's domain-spec stands for (RFC 7208 sections 4.8 and 7).
#include "dns/name.h"
#include "evaluation/spf/checker.h"

#include <algorithm>
#include <utility>

namespace mailassay::spf {
namespace {

using trace::Fact;

// The macro letters that occur, each with its value before transformation.
trace::Facts letters_of(const MacroString& macro, const MacroValues& values) {
  trace::Facts letters;
  const auto add = [&](char letter, trace::Name name) {
    if (macro.uses(letter)) letters.push_back(trace::Fact(name, values.of(letter)));
  };
  add('s', "s"), add('l', "l"), add('o', "o"), add('d', "d"), add('i', "i"), add('p', "p"), add('v', "v");
  add('h', "h"), add('c', "c"), add('r', "r"), add('t', "t");
  return letters;
}

}  // namespace

std::string dotted(const net::IpAddress& ip) {
  if (ip.is_v4()) return ip.to_string();
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string nibbles;
  for (const auto octet : ip.octets()) {
    if (!nibbles.empty()) nibbles += '.';
    nibbles += {kHex[octet >> 4], '.', kHex[octet & 0xf]};
  }
  return nibbles;
}

std::string query_name(std::string name) {
  for (auto at = name.find('\\'); at != std::string::npos; at = name.find('\\', at + 2))
    name.insert(at, 1, '\\');
  return name;
}

bool Checker::cannot_match(const MacroString* macro) const {
  return macro != nullptr && (macro->uses('s') || macro->uses('l')) && !sender_.local_part_is_ascii();
}

std::string Checker::expand_target(const MacroString* macro, const std::string& domain,
                                   trace::Scope scope) const {
  if (macro == nullptr) return domain;
  if (!macro->has_macros()) return expand_domain(*macro, {}).name;
  const auto letters = values(domain);
  auto expanded = expand_domain(*macro, letters);
  scope.step("spf.macro", facts(Fact("text", macro->text), Fact("expanded", expanded.name),
                                Fact("letters", letters_of(*macro, letters)),
                                Fact("truncated", expanded.truncated), Fact("rfc", "7208 7")));
  return std::move(expanded.name);
}

MacroValues Checker::values(const std::string& domain) const {
  MacroValues values;
  values.sender = sender_.text;
  values.local_part = sender_.local_part;
  values.sender_domain = sender_.domain_part;
  values.domain = domain;
  values.ip = ip_dotted_;
  values.validated = validated_;
  values.version = query_.ip.is_v4() ? "in-addr" : "ip6";
  values.helo = helo_;
  values.readable_ip = ip_text_;
  values.receiver = query_.receiver.empty() ? std::string_view("unknown") : query_.receiver;
  values.timestamp = timestamp_;
  return values;
}

boost::asio::awaitable<void> Checker::ask_validated_name(const std::string& domain, trace::Scope scope) {
  const bool asked = reverse_names_.loaded();
  const auto status = co_await reverse_names_.load(scope);
  if (!asked) count_void(status);
  while (reverse_names_.more()) {
    const auto checked = co_await reverse_names_.check_next(scope);
    if (!count_void(checked.status)) break;
  }
  // The domain itself, else a name below it, else any (RFC 7208 section 7.3).
  validated_ = "unknown";
  int best = 0;
  for (const auto& name : reverse_names_.validated()) {
    const int rank = dns::same_name(name, domain) ? 3 : dns::is_subdomain_or_equal(name, domain) ? 2 : 1;
    if (rank > best) validated_ = name;
    best = std::max(best, rank);
  }
}

}  // namespace mailassay::spf
