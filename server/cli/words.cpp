#include "cli/words.h"

#include "http/assets.h"

#include <cstdlib>

#include <fmt/format.h>

namespace mailassay::cli {
namespace {

const boost::json::value* find_path(const boost::json::object& facts, std::string_view path) {
  const auto dot = path.find('.');
  const auto* value = facts.if_contains(path.substr(0, dot));
  if (dot == std::string_view::npos || !value) return value;
  return value->is_object() ? find_path(value->get_object(), path.substr(dot + 1)) : nullptr;
}

std::string plain(const boost::json::value* value) {
  if (!value || value->is_null()) return "–";
  if (value->is_string()) return std::string(value->get_string());
  if (value->is_double()) return fmt::format("{}", value->get_double());
  if (!value->is_array()) return boost::json::serialize(*value);
  std::string text;
  for (const auto& item : value->get_array()) {
    if (!text.empty()) text += ", ";
    text += plain(&item);
  }
  return text.empty() ? "–" : text;
}

// What a mail put into a fact must not steer the terminal.
std::string printable(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

}  // namespace

Words::Words(std::string_view language) {
  const auto* asset = assets::find("i18n/" + std::string(language) + ".json");
  if (!asset) asset = assets::find("i18n/en.json");
  catalogue_ = boost::json::parse(asset->content).as_object();
}

Words::Words(boost::json::object catalogue) : catalogue_(std::move(catalogue)) {}

std::string Words::code(std::string_view kind, std::string_view code) const {
  const auto room = std::string(kind.substr(0, kind.find('.')));
  for (const auto& key : {"cause." + room + '.' + std::string(code), "cause." + std::string(code)})
    if (const auto* entry = catalogue_.if_contains(key); entry && entry->is_string())
      return std::string(entry->get_string());
  return std::string(code);
}

// A fact as people read it: codes in words.
std::string Words::told(std::string_view kind, std::string_view name, const boost::json::value* value) const {
  const bool is_code = name == "cause" || name == "why" || name == "warnings" || name == "oddities";
  if (!is_code || !value) return plain(value);
  if (value->is_string()) return code(kind, value->get_string());
  if (!value->is_array()) return plain(value);
  boost::json::array words;
  for (const auto& item : value->get_array())
    words.emplace_back(item.is_string() ? boost::json::value(code(kind, item.get_string())) : item);
  const boost::json::value all(std::move(words));
  return plain(&all);
}

std::string Words::fill(std::string_view kind, std::string_view pattern,
                        const boost::json::object& facts) const {
  std::string text;
  while (!pattern.empty()) {
    const auto open = pattern.find('{');
    const auto close = open == std::string_view::npos ? open : pattern.find('}', open);
    if (close == std::string_view::npos) break;
    const auto name = pattern.substr(open + 1, close - open - 1);
    text += pattern.substr(0, open);
    text += told(kind, name, find_path(facts, name));
    pattern.remove_prefix(close + 1);
  }
  return printable(text + std::string(pattern));
}

std::string Words::pattern(const boost::json::value& entry, const boost::json::object& facts) const {
  if (entry.is_string()) return std::string(entry.get_string());
  if (!entry.is_object()) return {};
  const auto& object = entry.get_object();
  if (const auto* text = object.if_contains("text")) return pattern(*text, facts);
  const auto* select = object.if_contains("select");
  const auto* cases = object.if_contains("cases");
  if (!select || !cases || !select->is_string() || !cases->is_object()) return {};
  const auto* fact = find_path(facts, select->get_string());
  const auto* chosen = cases->get_object().if_contains(fact && !fact->is_null() ? plain(fact) : "null");
  if (!chosen) chosen = cases->get_object().if_contains("other");
  return chosen ? pattern(*chosen, facts) : std::string();
}

std::string Words::text(std::string_view kind, const boost::json::object& facts) const {
  if (const auto* entry = catalogue_.if_contains(kind))
    if (const auto found = pattern(*entry, facts); !found.empty()) return fill(kind, found, facts);
  std::string text(kind);
  for (const auto& [key, value] : facts) text += ' ' + std::string(key) + '=' + plain(&value);
  return printable(text);
}

std::string Words::why(std::string_view kind, const boost::json::object& facts) const {
  const auto* entry = catalogue_.if_contains(kind);
  if (!entry || !entry->is_object()) return {};
  const auto* why = entry->get_object().if_contains("why");
  return why ? fill(kind, pattern(*why, facts), facts) : std::string();
}

std::string language_of_environment() {
  for (const auto* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value && *value) {
      const auto tag = assets::language_of(value);
      return std::string(tag.empty() ? "en" : tag);
    }
  return "en";
}

}  // namespace mailassay::cli
