#include "evaluation/dkim/field_index.h"

#include <algorithm>

namespace mailassay::dkim {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int compare(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i)
    if (const int difference = lower(a[i]) - lower(b[i]); difference != 0) return difference;
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

struct ByName {
  bool operator()(const message::Field* field, std::string_view name) const {
    return compare(field->name, name) < 0;
  }
  bool operator()(std::string_view name, const message::Field* field) const {
    return compare(name, field->name) < 0;
  }
};

}  // namespace

bool equals_without_case(std::string_view a, std::string_view b) {
  return compare(a, b) == 0;
}

FieldIndex::FieldIndex(std::span<const message::Field> fields) {
  sorted_.reserve(fields.size());
  for (const auto& field : fields) sorted_.push_back(&field);
  std::sort(sorted_.begin(), sorted_.end(), [](const message::Field* a, const message::Field* b) {
    const int order = compare(a->name, b->name);
    return order != 0 ? order < 0 : a->offset > b->offset;
  });
}

std::vector<const message::Field*> FieldIndex::select(std::span<const std::string_view> names,
                                                      const message::Field* own) const {
  std::vector<std::uint32_t> taken(sorted_.size(), 0);  // at the first field of each name
  std::vector<const message::Field*> selected;
  selected.reserve(names.size());
  for (const std::string_view name : names) {
    const auto [first, last] = std::equal_range(sorted_.begin(), sorted_.end(), name, ByName{});
    const message::Field* field = nullptr;
    if (first != last) {
      auto& count = taken[static_cast<std::size_t>(first - sorted_.begin())];
      auto next = first + std::min<std::ptrdiff_t>(count, last - first);
      if (next != last && *next == own) ++next, ++count;
      if (next != last) field = *next, ++count;
    }
    selected.push_back(field);
  }
  return selected;
}

std::size_t FieldIndex::count(std::string_view name) const {
  const auto [first, last] = std::equal_range(sorted_.begin(), sorted_.end(), name, ByName{});
  return static_cast<std::size_t>(last - first);
}

}  // namespace mailassay::dkim
