#include "evaluation/spf/notes.h"

#include <algorithm>

namespace mailassay::spf {
namespace {

bool is_all(const Term& term) {
  const auto* directive = std::get_if<Directive>(&term);
  return directive != nullptr && std::holds_alternative<All>(directive->mechanism);
}

bool is_mechanism_name(std::string_view name) {
  constexpr std::string_view kNames[] = {"all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

std::vector<std::string_view> notes_of(const Record& record) {
  std::vector<std::string_view> notes;
  const auto note = [&](bool applies, std::string_view code) {
    if (applies) notes.push_back(code);
  };
  const auto all = std::find_if(record.terms.begin(), record.terms.end(), is_all);
  const auto any = [&](auto first, const auto& test) { return std::any_of(first, record.terms.end(), test); };
  const auto is_directive = [](const Term& term) { return std::holds_alternative<Directive>(term); };
  note(record.has_all && std::get<Directive>(*all).qualifier == evaluation::Result::pass, "passes_everyone");
  note(record.has_all && any(all + 1, is_directive), "terms_after_all");
  note(record.has_all && record.redirect.has_value(), "redirect_ignored");
  note(!record.has_all && !record.redirect, "no_all");
  // ip4=… is a modifier nobody knows, and is skipped in silence (RFC 7208 section 6).
  note(any(record.terms.begin(),
           [](const Term& term) {
             const auto* modifier = std::get_if<Modifier>(&term);
             return modifier != nullptr && is_mechanism_name(modifier->name);
           }),
       "mechanism_with_equals");
  note(any(record.terms.begin(),
           [](const Term& term) {
             const auto* directive = std::get_if<Directive>(&term);
             return directive != nullptr && std::holds_alternative<Ptr>(directive->mechanism);
           }),
       "ptr_discouraged");
  return notes;
}

}  // namespace mailassay::spf
