#include "evaluation/dmarc/tree.h"

#include <algorithm>

namespace mailassay::dmarc {
namespace {

constexpr std::size_t kLabelsAfterJump = 7;  // RFC 9989 section 4.10, step 4

bool is_label(std::string_view label) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), allowed);
}

std::size_t label_count(std::string_view name) {
  return name.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(name.begin(), name.end(), '.'));
}

std::string_view last_labels(std::string_view name, std::size_t count) {
  for (auto labels = label_count(name); labels > count; --labels) name = name.substr(name.find('.') + 1);
  return name;
}

Psd psd_of(Hidden hidden) {
  return hidden == Hidden::psd_n ? Psd::n : hidden == Hidden::psd_y ? Psd::y : Psd::u;
}

}  // namespace

bool is_domain(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  while (true) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name = name.substr(dot + 1);
  }
}

std::vector<std::string> walk_targets(std::string_view domain, int limit) {
  std::vector<std::string> targets;
  for (auto labels = label_count(domain); labels > 0 && static_cast<int>(targets.size()) < limit;) {
    targets.emplace_back(domain);
    labels = std::min(labels - 1, kLabelsAfterJump);
    domain = last_labels(domain, labels);
  }
  return targets;
}

std::vector<Found> walked(const Tree& tree, std::string_view domain, int limit, Hidden hidden) {
  std::vector<Found> found;
  for (auto& name : walk_targets(domain, limit)) {
    const auto entry = tree.find(name);
    if (entry == tree.end()) continue;
    const auto& published = entry->second;
    if (published.state == Published::State::record)
      found.push_back({name, published.record->psd, &*published.record});
    else if (published.state == Published::State::failed && hidden != Hidden::nothing)
      found.push_back({name, psd_of(hidden), nullptr});
    else
      continue;
    if (found.back().psd != Psd::u) break;
  }
  return found;
}

Organizational organizational_domain(std::string_view start, const std::vector<Found>& found) {
  for (const auto& [domain, psd, record] : found) {
    if (psd == Psd::n) return {domain, "psd_n"};
    if (psd == Psd::y && domain != start)
      return {std::string(last_labels(start, label_count(domain) + 1)), "below_psd"};
  }
  if (found.empty()) return {std::string(start), "no_record"};
  return {found.back().domain, "shortest_record"};
}

std::optional<Source> policy_source(std::string_view author, const std::vector<Found>& found) {
  if (found.empty()) return std::nullopt;
  if (found.front().domain == author) return Source{found.front(), "author_domain"};
  const auto organizational = organizational_domain(author, found).domain;
  for (const auto& candidate : found)
    if (candidate.domain == organizational) return Source{candidate, "organizational_domain"};
  for (const auto& candidate : found)
    if (candidate.psd == Psd::y) return Source{candidate, "public_suffix_domain"};
  return std::nullopt;
}

bool mentions_dmarc(std::string_view text) {
  constexpr std::string_view kWord = "dmarc";
  const auto same = [](char a, char b) { return (a | 0x20) == b; };
  return std::search(text.begin(), text.end(), kWord.begin(), kWord.end(), same) != text.end();
}

}  // namespace mailassay::dmarc
