#include "cli/scenario.h"

#include "cli/signing_key.h"
#include "config/options.h"
#include "http/assets.h"
#include "message/message.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

namespace mailassay::cli {
namespace {

constexpr std::string_view kFolder = "scenarios/";

std::string_view part(const std::string& name, std::string_view file) {
  const auto* asset = assets::find(fmt::format("{}{}/{}", kFolder, name, file));
  if (!asset) {
    throw config::BadOption(fmt::format("NAME: there is no scenario '{}'; there are {}", name,
                                        fmt::join(scenario_names(), ", ")));
  }
  return asset->content;
}

std::string text_at(const toml::table& table, std::string_view path) {
  return table.at_path(path).value_or(std::string());
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

}  // namespace

std::vector<std::string> scenario_names() {
  std::vector<std::string> names;
  for (const auto& asset : assets::all()) {
    if (!asset.path.starts_with(kFolder) || !asset.path.ends_with("/scenario.toml")) continue;
    const auto rest = asset.path.substr(kFolder.size());
    names.emplace_back(rest.substr(0, rest.find('/')));
  }
  return names;
}

Scenario load_scenario(const std::string& name, std::string_view language) {
  const auto table = toml::parse(part(name, "scenario.toml"));
  Scenario scenario;
  scenario.name = name;
  scenario.title = text_at(table, fmt::format("title.{}", language));
  scenario.lesson = text_at(table, fmt::format("lesson.{}", language));
  scenario.ip = text_at(table, "client.ip");
  scenario.helo = text_at(table, "client.helo");
  scenario.mail_from = text_at(table, "client.mail_from");
  if (const auto* list = table["expect"].as_array())
    for (const auto& line : *list) scenario.expect.push_back(line.value_or(std::string()));
  if (const auto* list = table["sign"].as_array())
    for (const auto& signature : *list)
      scenario.signatures.push_back(
          {text_at(*signature.as_table(), "domain"), text_at(*signature.as_table(), "selector")});
  scenario.zone = part(name, "zone.txt");
  scenario.mail = part(name, "mail.txt");
  return scenario;
}

Prepared prepare(const Scenario& scenario, const std::string& recipient) {
  Prepared prepared{scenario.zone, message::with_crlf(scenario.mail, nullptr)};
  replace_all(prepared.mail, "{{to}}", recipient);
  for (auto signature = scenario.signatures.rbegin(); signature != scenario.signatures.rend(); ++signature) {
    const SigningKey key(signature->domain, signature->selector);
    replace_all(prepared.zone, fmt::format("{{{{key:{}}}}}", key.record_name()), key.record_line());
    prepared.mail = key.sign(prepared.mail);
  }
  return prepared;
}

}  // namespace mailassay::cli
