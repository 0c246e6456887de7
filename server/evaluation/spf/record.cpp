#include "evaluation/spf/record.h"

#include "evaluation/spf/ascii.h"

namespace mailassay::spf {
namespace {

constexpr std::string_view kVersion = "v=spf1";

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;

// Takes redirect and exp aside; false if one of them stands there already (RFC 7208 section 6).
bool keep(Record& record, const Term& term) {
  if (const auto* directive = std::get_if<Directive>(&term)) {
    record.has_all = record.has_all || std::holds_alternative<All>(directive->mechanism);
    return true;
  }
  const auto& modifier = std::get<Modifier>(term);
  auto* place = modifier.name == "redirect" ? &record.redirect
                : modifier.name == "exp"    ? &record.exp
                                            : nullptr;
  if (place == nullptr) return true;
  if (*place) return false;
  *place = modifier;
  return true;
}

}  // namespace

std::string_view name_of(const Mechanism& mechanism) {
  constexpr std::string_view kNames[] = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"};
  return kNames[mechanism.index()];
}

const MacroString* domain_of(const Mechanism& mechanism) {
  const auto given = [](const std::optional<MacroString>& domain) { return domain ? &*domain : nullptr; };
  return std::visit(
      Overloaded{[](const Include& include) { return &include.domain; },
                 [](const Exists& exists) { return &exists.domain; },
                 [&](const A& a) { return given(a.domain); }, [&](const Mx& mx) { return given(mx.domain); },
                 [&](const Ptr& ptr) { return given(ptr.domain); },
                 [](const auto&) -> const MacroString* { return nullptr; }},
      mechanism);
}

bool asks_dns(const Mechanism& mechanism) {
  return !std::holds_alternative<All>(mechanism) && !std::holds_alternative<Ip4>(mechanism) &&
         !std::holds_alternative<Ip6>(mechanism);
}

const std::string& text_of(const Term& term) {
  return std::visit([](const auto& kind) -> const std::string& { return kind.text; }, term);
}

std::string Record::to_string() const {
  std::string printed = text.substr(0, kVersion.size());
  for (const auto& term : terms) printed.append(1, ' ').append(text_of(term));
  return printed;
}

bool is_spf_record(std::string_view text) {
  return starts_without_case(text, kVersion) &&
         (text.size() == kVersion.size() || text[kVersion.size()] == ' ');
}

boost::system::result<Record, SyntaxError> parse_record(std::string_view text) {
  Record record;
  record.text = text;
  for (std::size_t at = kVersion.size(); at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const auto end = std::min(text.find(' ', at), text.size());
    const auto written = text.substr(at, end - at);
    auto term = parse_term(written);
    if (!term) {
      auto error = std::move(term).error();
      error.octet += at;
      return error;
    }
    if (!keep(record, *term)) return SyntaxError{std::string(written), at + 1, "modifier_repeated"};
    record.terms.push_back(std::move(*term));
    at = end;
  }
  return record;
}

}  // namespace mailassay::spf
