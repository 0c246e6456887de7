#include "evaluation/received_elsewhere.h"

#include "evaluation/dmarc/psl.h"
#include "evaluation/received_field.h"
#include "message/address.h"
#include "message/encoded_word.h"

#include <algorithm>
#include <optional>

namespace mailassay::evaluation {
namespace {

// A value with the field that gave it.
struct Told {
  std::string text;
  std::string field;  // "Received", "Received-SPF", …; empty: nobody told
  bool guessed = false;
};

struct Hop {
  ReceivedField field;
  std::size_t index;  // of the field in the mail
};

bool is_public(const net::IpAddress& ip) {
  const auto special = ip.special_purpose();
  return special.empty() || special == "documentation";
}

// The registrable domains of the hosts that wrote the fields on top: one organization, though Microsoft's
// front doors are called office365.com and its mailbox servers outlook.com.
using Organization = std::vector<std::string>;

// Handed on within the receiver's organization: Microsoft's front doors, Gmail's and Naver's relays.
bool is_internal(const ReceivedField& hop, const Organization& receiver) {
  if (!hop.ip || !is_public(*hop.ip)) return true;
  // A client may claim any name in HELO: that alone brings nobody inside. Microsoft writes one name only.
  const bool only_claimed = hop.rdns.empty() && (hop.helo_stated || hop.nameless);
  if (only_claimed) return false;
  const auto& name = hop.rdns.empty() ? hop.helo : hop.rdns;
  return std::find(receiver.begin(), receiver.end(), dmarc::registrable_domain(name)) != receiver.end();
}

// A mail with more has gone in circles (RFC 5321 section 6.3); what stands lower is not looked at.
constexpr std::size_t kMostHops = 100;

class Headers {
 public:
  explicit Headers(const message::Message& mail) : fields_(mail.fields()), end_(fields_.size()) {
    for (std::size_t i = 0; i < end_; ++i) {
      if (!same(fields_[i].name, "Received")) continue;
      if (hops_.size() == kMostHops)
        end_ = i;
      else
        hops_.push_back({parse_received(fields_[i].value), i});
    }
    if (const auto* spf = first("Received-SPF", end_)) client_ip_ = pair_value(spf->value, "client-ip");
    boundary_ = find_boundary();
  }

  const Hop* boundary() const { return boundary_; }
  std::size_t skipped() const {
    return boundary_ == nullptr ? 0 : static_cast<std::size_t>(boundary_ - hops_.data());
  }

  Told ip() const {
    const auto told = ip_by_spf();
    const auto hop_ip = boundary_ != nullptr ? boundary_->field.ip : std::nullopt;
    if (!hop_ip) return told;
    if (told.text == hop_ip->to_string()) return told;
    // Two stories: the one of the Received is taken, and said to be a guess.
    return {hop_ip->to_string(), "Received", !told.text.empty()};
  }

  Told helo() const {
    if (boundary_ != nullptr && !boundary_->field.helo.empty()) {
      const auto& hop = boundary_->field;
      const bool only_reverse_name = !hop.helo_stated && hop.rdns.empty() && !hop.nameless;
      return {hop.helo, "Received", only_reverse_name && spf_value("helo").empty()};
    }
    auto helo = spf_value("helo");
    if (helo.empty()) return {};
    return {std::move(helo), "Received-SPF", false};
  }

  Told mail_from() const {
    if (const auto* path = first("Return-Path", end_))
      return {reverse_path(path->value), "Return-Path", false};
    if (auto sender = spf_value("envelope-from"); !sender.empty())
      return {without_angles(std::move(sender)), "Received-SPF", false};
    for (const char* name : {"Authentication-Results", "ARC-Authentication-Results"}) {
      const auto* field = trusted(name);
      if (field == nullptr) continue;
      auto sender = pair_value(field->value, "smtp.mailfrom");
      if (sender.empty()) continue;
      const bool whole = sender.find('@') != std::string::npos;  // Microsoft writes the domain alone
      return {whole ? without_angles(std::move(sender)) : "postmaster@" + sender, name, !whole};
    }
    if (const auto* field = trusted("Received-SPF"))
      if (auto sender = sender_in_comment(field->value); sender.find('@') != std::string::npos)
        return {std::move(sender), "Received-SPF", true};
    // Unknown is not the null reverse-path, which HELO would stand in for (RFC 7208 section 2.4).
    for (std::size_t i = 0; i < end_; ++i)
      if (same(fields_[i].name, "From"))
        for (const auto& mailbox : message::parse_mailboxes(fields_[i].value).mailboxes)
          return {mailbox.addr_spec, "From", true};
    return {};
  }

 private:
  static bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
             return (x >= 'A' && x <= 'Z' ? x + 32 : x) == (y >= 'A' && y <= 'Z' ? y + 32 : y);
           });
  }

  const message::Field* first(std::string_view name, std::size_t end) const {
    for (std::size_t i = 0; i < end; ++i)
      if (same(fields_[i].name, name)) return &fields_[i];
    return nullptr;
  }

  // A field that the receiving server can have written: above the Received after its own. What stands lower
  // came with the mail.
  const message::Field* above_next(const Hop* hop, std::string_view name) const {
    const auto* next = hop + 1;
    return first(name, next == hops_.data() + hops_.size() ? end_ : next->index);
  }
  const message::Field* trusted(std::string_view name) const {
    return boundary_ == nullptr ? first(name, end_) : above_next(boundary_, name);
  }

  bool is_spf_client(const Hop& hop) const {
    return hop.field.ip && hop.field.ip->to_string() == client_ip_ &&
           above_next(&hop, "Received-SPF") != nullptr;
  }

  // The first hop from outside; or a hop within, if the receiver's Received-SPF names its client: mail from
  // one customer of Google's or Microsoft's to another. A private address only if nothing else is left.
  const Hop* find_boundary() const {
    Organization receiver;
    for (const auto& hop : hops_) {
      if (auto own = dmarc::registrable_domain(hop.field.by); !own.empty())
        receiver.push_back(std::move(own));
      if (!is_internal(hop.field, receiver)) return &hop;
      if (hop.field.ip && is_public(*hop.field.ip) && is_spf_client(hop)) return &hop;
    }
    const auto found =
        std::find_if(hops_.begin(), hops_.end(), [this](const Hop& hop) { return is_spf_client(hop); });
    return found == hops_.end() ? nullptr : &*found;
  }

  std::string spf_value(std::string_view key) const {
    const auto* field = trusted("Received-SPF");
    return field == nullptr ? std::string() : pair_value(field->value, key);
  }

  Told ip_by_spf() const {
    if (const auto ip = net::IpAddress::parse(spf_value("client-ip")))
      return {ip->to_string(), "Received-SPF", false};
    for (const char* name : {"Received-SPF", "Authentication-Results", "ARC-Authentication-Results"})
      if (const auto* field = trusted(name))
        if (const auto ip = address_in_comment(field->value)) return {ip->to_string(), name, false};
    return {};
  }

  static std::string without_angles(std::string text) {
    if (text.size() >= 2 && text.front() == '<' && text.back() == '>') return text.substr(1, text.size() - 2);
    return text;
  }

  static std::string reverse_path(std::string_view value) { return without_angles(message::unfold(value)); }

  std::span<const message::Field> fields_;
  std::size_t end_;  // of the fields that are looked at
  std::vector<Hop> hops_;
  std::string client_ip_;  // by the first Received-SPF
  const Hop* boundary_ = nullptr;
};

trace::Value field_fact(const Told& told) {
  return told.field.empty() ? trace::Value(nullptr) : trace::Value(told.field);
}

}  // namespace

Connection connection_from_headers(const message::Message& mail, trace::Scope scope) {
  const Headers headers(mail);
  const auto ip = headers.ip();
  const auto helo = headers.helo();
  const auto mail_from = headers.mail_from();
  Connection connection;
  connection.source = Source::headers;
  connection.ip = net::IpAddress::parse(ip.text);
  connection.envelope.helo = helo.text;
  connection.envelope.mail_from = mail_from.text;
  if (ip.guessed) connection.guessed.emplace_back("ip");
  if (helo.guessed) connection.guessed.emplace_back("helo");
  if (mail_from.guessed) connection.guessed.emplace_back("mail_from");
  const auto* hop = headers.boundary();
  scope.step("connection.from_headers",
             {{"ip", connection.ip ? trace::Value(connection.ip->to_string()) : trace::Value(nullptr)},
              {"ip_field", field_fact(ip)},
              {"helo", helo.text},
              {"helo_field", field_fact(helo)},
              {"mail_from", mail_from.text},
              {"mail_from_field", field_fact(mail_from)},
              {"guessed", connection.guessed},
              {"by", hop == nullptr ? trace::Value(nullptr) : trace::Value(hop->field.by)},
              {"skipped", headers.skipped()},
              {"rfc", "5321 4.4"}});
  return connection;
}

}  // namespace mailassay::evaluation
