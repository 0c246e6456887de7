#include "evaluation/dkim/tag_list.h"

#include <algorithm>

namespace mailassay::dkim {
namespace {

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_tag_name(std::string_view name) {
  return !name.empty() && is_alpha(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_alpha(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

// VALCHAR and white space; RFC 8616 section 3 adds UTF-8, so octets above 127 may stand.
bool is_tag_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet > 127 || (octet > 32 && octet < 127) || is_fws(c);
  });
}

void add_fault(TagList& list, Fault fault) {
  if (!list.fault) list.fault = fault;
}

void add_tag(TagList& list, std::string_view spec) {
  const auto equals = spec.find('=');
  if (equals == std::string_view::npos)
    return add_fault(list, {"tag_invalid", {}, trim_fws(spec), "no_equals_sign"});
  const std::string_view raw = spec.substr(equals + 1);
  const Tag tag{trim_fws(spec.substr(0, equals)), trim_fws(raw), raw};
  if (!is_tag_name(tag.name)) return add_fault(list, {"tag_invalid", tag.name, trim_fws(spec), "tag_name"});
  if (!is_tag_value(tag.value))
    return add_fault(list, {"tag_invalid", tag.name, tag.value, "control_character"});
  list.tags.push_back(tag);
}

// Sorted, since a hostile list has thousands of tags.
void find_duplicate(TagList& list) {
  std::vector<std::string_view> names;
  names.reserve(list.tags.size());
  for (const Tag& tag : list.tags) names.push_back(tag.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) add_fault(list, {"tag_duplicate", *twice, list.find(*twice)->value});
}

}  // namespace

bool is_fws(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trim_fws(std::string_view text) {
  while (!text.empty() && is_fws(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_fws(text.back())) text.remove_suffix(1);
  return text;
}

const Tag* TagList::find(std::string_view name) const {
  for (const Tag& tag : tags)
    if (tag.name == name) return &tag;
  return nullptr;
}

TagList parse_tag_list(std::string_view text) {
  TagList list;
  list.tags.reserve(12);
  std::size_t at = 0;
  while (true) {
    const std::size_t end = std::min(text.find(';', at), text.size());
    const std::string_view spec = text.substr(at, end - at);
    const bool last = end == text.size();
    // One ";" may close the list, white space after it; an empty spec elsewhere is an error.
    if (last && at > 0 && trim_fws(spec).empty()) break;
    add_tag(list, spec);
    if (last) break;
    at = end + 1;
  }
  find_duplicate(list);
  return list;
}

}  // namespace mailassay::dkim
