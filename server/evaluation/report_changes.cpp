#include "evaluation/report_changes.h"

#include <algorithm>
#include <string>

namespace mailassay::evaluation {
namespace {

namespace json = boost::json;

const json::value kNull;

void compare(const std::string& path, const json::value& before, const json::value& after,
             json::array& found);

void compare_members(const std::string& path, const json::object& before, const json::object& after,
                     json::array& found) {
  const auto member = [](const json::object& object, std::string_view name) -> const json::value& {
    const auto* value = object.if_contains(name);
    return value ? *value : kNull;
  };
  for (const auto& [name, value] : before)
    compare(path + '.' + std::string(name), value, member(after, name), found);
  for (const auto& [name, value] : after)
    if (!before.contains(name)) compare(path + '.' + std::string(name), kNull, value, found);
}

// Whether each is an object: lists of plain values (names, recipients) are compared whole.
bool holds_objects(const json::array& array) {
  return !array.empty() && std::ranges::all_of(array, [](const auto& item) { return item.is_object(); });
}

void compare(const std::string& path, const json::value& before, const json::value& after,
             json::array& found) {
  if (before == after) return;
  if (before.is_object() && after.is_object())
    return compare_members(path, before.get_object(), after.get_object(), found);
  if (before.is_array() && after.is_array() && holds_objects(before.get_array()) &&
      holds_objects(after.get_array())) {
    const auto& old = before.get_array();
    const auto& now = after.get_array();
    for (std::size_t i = 0; i < std::max(old.size(), now.size()); ++i)
      compare(path + '.' + std::to_string(i), i < old.size() ? old[i] : kNull,
              i < now.size() ? now[i] : kNull, found);
    return;
  }
  found.push_back(json::object{{"path", path}, {"before", before}, {"after", after}});
}

}  // namespace

json::array changes(const json::object& before, const json::object& after) {
  json::array found;
  for (const auto& [name, value] : after) {
    if (name == "schema" || name == "message" || name == "authentication_results" || name == "steps")
      continue;
    const auto* old = before.if_contains(name);
    compare(std::string(name), old ? *old : kNull, value, found);
  }
  return found;
}

}  // namespace mailassay::evaluation
