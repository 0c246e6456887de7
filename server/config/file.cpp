// The TOML file alone: toml++ is a heavy header.
#include "config/options.h"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace mailassay::config {
namespace {

std::string as_text(const toml::node& node, const std::string& origin) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* integer = node.as_integer()) return std::to_string(integer->get());
  if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
  throw BadOption(fmt::format("{}: takes text, a number, true or false", origin));
}

void read_table(Options& options, const toml::table& table, const std::string& prefix,
                const std::string& path) {
  for (const auto& [name, node] : table) {
    const auto key = prefix + std::string(name.str());
    const auto origin = fmt::format("{} line {}", path, node.source().begin.line);
    if (const auto* inner = node.as_table()) {
      read_table(options, *inner, key + ".", path);
      continue;
    }
    std::vector<std::string> texts;
    if (const auto* array = node.as_array())
      for (const auto& item : *array) texts.push_back(as_text(item, origin));
    else
      texts.push_back(as_text(node, origin));
    set(options, key, texts, origin);
  }
}

}  // namespace

void read_file(Options& options, const std::string& path) {
  try {
    read_table(options, toml::parse_file(path), "", path);
  } catch (const toml::parse_error& error) {
    throw BadOption(fmt::format("{} line {}: {}", path, error.source().begin.line, error.description()));
  }
}

}  // namespace mailassay::config
