#include "scenario/scenario.h"

#include "http/assets.h"
#include "message/message.h"
#include "scenario/signing_key.h"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace mailassay::scenario {
namespace {

constexpr std::string_view kFolder = "scenarios/";

std::string_view part(std::string_view name, std::string_view file) {
  const auto* asset = assets::find(fmt::format("{}{}/{}", kFolder, name, file));
  return asset ? asset->content : std::string_view();
}

std::string text_at(const toml::table& table, std::string_view path) {
  return table.at_path(path).value_or(std::string());
}

// A scenario that does not speak the language speaks English.
std::string words_at(const toml::table& table, std::string_view name, std::string_view language) {
  auto words = text_at(table, fmt::format("{}.{}", name, language));
  return words.empty() ? text_at(table, fmt::format("{}.en", name)) : words;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::vector<Scenario::Signature> signatures_of(const toml::table& table) {
  std::vector<Scenario::Signature> signatures;
  const auto* list = table["sign"].as_array();
  if (!list) return signatures;
  for (const auto& entry : *list) {
    const auto& signature = *entry.as_table();
    signatures.push_back(
        {text_at(signature, "domain"), text_at(signature, "selector"), signature["length"].value_or(false)});
  }
  return signatures;
}

}  // namespace

std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const auto& asset : assets::all()) {
    if (!asset.path.starts_with(kFolder) || !asset.path.ends_with("/scenario.toml")) continue;
    const auto rest = asset.path.substr(kFolder.size());
    names.emplace_back(rest.substr(0, rest.find('/')));
  }
  return names;
}

std::optional<Scenario> load(std::string_view name, std::string_view language) {
  const auto text = part(name, "scenario.toml");
  if (text.empty()) return std::nullopt;
  const auto table = toml::parse(text);
  Scenario scenario;
  scenario.name = name;
  scenario.title = words_at(table, "title", language);
  scenario.lesson = words_at(table, "lesson", language);
  scenario.ip = text_at(table, "client.ip");
  scenario.helo = text_at(table, "client.helo");
  scenario.mail_from = text_at(table, "client.mail_from");
  if (const auto* list = table["expect"].as_array())
    for (const auto& line : *list) scenario.expect.push_back(line.value_or(std::string()));
  scenario.signatures = signatures_of(table);
  scenario.prepend = text_at(table, "on_the_way.prepend");
  scenario.append = text_at(table, "on_the_way.append");
  scenario.zone = part(name, "zone.txt");
  scenario.mail = part(name, "mail.txt");
  return scenario;
}

Prepared prepare(const Scenario& scenario, std::string_view recipient) {
  Prepared prepared{scenario.zone, message::with_crlf(scenario.mail, nullptr)};
  replace_all(prepared.mail, "{{to}}", recipient);
  for (auto signature = scenario.signatures.rbegin(); signature != scenario.signatures.rend(); ++signature) {
    const SigningKey key(signature->domain, signature->selector);
    replace_all(prepared.zone, fmt::format("{{{{key:{}}}}}", key.record_name()), key.record_line());
    prepared.mail = key.sign(prepared.mail, signature->length);
  }
  prepared.mail = message::with_crlf(scenario.prepend, nullptr) + prepared.mail +
                  message::with_crlf(scenario.append, nullptr);
  return prepared;
}

}  // namespace mailassay::scenario
