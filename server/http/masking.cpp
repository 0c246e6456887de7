#include "http/masking.h"

#include "evaluation/spf/macro.h"
#include "http/mask_text.h"
#include "intake/connection_json.h"
#include "message/address.h"

#include <algorithm>
#include <array>

namespace mailassay::http {
namespace {

namespace json = boost::json;

// A shorter local part is also a mechanism's name; it is only looked for where a macro stood for it.
constexpr std::size_t kWorthLookingFor = 3;

std::string_view local_part_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(0, at);
}

// Facts of SPF's steps that are codes of ours, or what the record says to everybody.
bool is_public(std::string_view key) {
  constexpr std::array<std::string_view, 12> kKeys = {"term",   "text",     "matched", "mechanism",
                                                      "why",    "cause",    "result",  "qualifier",
                                                      "status", "identity", "type",    "server"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

std::string_view string_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

// The addresses of a field, without the names of people beside them.
std::string addresses_alone(std::string_view field) {
  std::string text;
  for (const auto& mailbox : message::parse_mailboxes(field).mailboxes)
    text += (text.empty() ? "" : ", ") + ("***@" + mailbox.domain);
  return text;
}

}  // namespace

Masking::Masking(const store::Inbox& inbox, const store::Message& message,
                 const std::vector<store::Event>& story)
    : inbox_(inbox.local_part) {
  if (const auto connection = intake::read_connection(message.connection)) {
    sender_ = connection->envelope.mail_from;
    know_address(sender_);
    for (const auto& recipient : connection->envelope.rcpt_to) know_address(recipient);
    for (const auto& ip : {connection->ip, connection->peer})
      if (ip) std::ranges::copy(spellings(*ip), std::back_inserter(addresses_));
  }
  know_address(message.from);
  const std::string local(local_part_of(sender_));
  if (local.size() >= kWorthLookingFor) words_.push_back(local);
  for (const auto& event : story)
    if (event.kind == "spf.macro" || event.kind == "spf.explanation")
      know_macro(string_at(event.data, "text"));
}

void Masking::know_address(std::string_view address) {
  const auto local = local_part_of(address);
  if (!local.empty()) locals_.emplace_back(local);
}

// What %{l} and %{s} became, cut and turned as the macro asks.
void Masking::know_macro(std::string_view text) {
  const auto macro = spf::parse_explanation(text);
  const auto local = local_part_of(sender_);
  if (!macro || local.empty()) return;
  const std::string_view domain = std::string_view(sender_).substr(local.size() + 1);
  spf::MacroValues values;
  values.sender = sender_;
  values.local_part = local;
  for (const auto& piece : macro->pieces) {
    if (piece.letter != 'l' && piece.letter != 's') continue;
    auto word = spf::expand({{}, {piece}}, values);
    if (!word.empty() && !domain.ends_with(word)) words_.push_back(std::move(word));
  }
}

std::string Masking::text(std::string_view given, bool spf) const {
  std::string text = replace_each(given, inbox_, "***");
  for (const auto& local : locals_) text = replace_each(text, local + "@", "***@");
  if (spf)
    for (const auto& word : words_) text = replace_each(text, word, "***", Where::whole_words);
  text = mask_addresses(mask_local_parts(text));
  for (const auto& address : addresses_) text = replace_each(text, address, "x");
  return text;
}

void Masking::walk(json::value& value, std::string_view key, bool spf) const {
  if (value.is_object()) {
    for (auto& [name, member] : value.get_object()) walk(member, name, spf);
  } else if (value.is_array()) {
    for (auto& member : value.get_array()) walk(member, key, spf);
  } else if (value.is_string() && key != "rfc") {  // "6376 3.6.2.1" is no address
    value = text(value.get_string(), key == "explanation" || (spf && !is_public(key)));
  }
}

void Masking::mask(json::object& report) const {
  for (auto& [key, member] : report) walk(member, key, false);
}

void Masking::mask(store::Event& event) const {
  if (event.kind == "message.parsed" && !string_at(event.data, "to").empty())
    event.data["to"] = addresses_alone(string_at(event.data, "to"));
  for (auto& [key, member] : event.data) walk(member, key, event.phase == trace::Phase::spf);
}

}  // namespace mailassay::http
