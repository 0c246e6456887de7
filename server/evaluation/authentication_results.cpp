#include "evaluation/authentication_results.h"

#include "dns/name.h"
#include "trace/json.h"

namespace mailassay::evaluation {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 2045 section 5.1's token, and nothing beyond ASCII.
bool is_token(std::string_view text) {
  for (const char c : text)
    if (!is_alphanumeric(c) && std::string_view("!#$%&'*+-.^_`{|}~").find(c) == std::string_view::npos)
      return false;
  return !text.empty();
}

bool is_domain_name(std::string_view text) {
  for (const char c : text)
    if (!is_alphanumeric(c) && c != '-' && c != '_' && c != '.') return false;
  return !text.empty();
}

// [local-part] "@" domain-name, with a local part that needs no quotes.
bool is_plain_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || !is_domain_name(text.substr(at + 1))) return false;
  bool atom = true;
  for (const char c : text.substr(0, at)) {
    const bool atom_character =
        is_alphanumeric(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
    if (c == '.' ? !atom : !atom_character) return false;
    atom = c != '.';
  }
  return at == 0 || (atom && text[0] != '.');
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : trace::valid_utf8(text)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f) {
      result += '?';
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

constexpr std::size_t kLine = 990;  // of the 998 octets, a ";" and the field's name allowed for

class Field {
 public:
  explicit Field(std::string_view receiver) : text_(property_value(receiver)) {}

  void method(std::string_view name, Result result, std::string_view reason = {}) {
    text_ += ";\r\n\t";
    text_ += name;
    text_ += '=';
    text_ += to_string(result);
    any_ = true;
    if (!reason.empty()) property("reason", reason);
  }

  // A value that fits no line of a mail (RFC 5322 section 2.1.1) is left out: nothing could carry it whole.
  void property(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    const std::string shown = property_value(value);
    const std::size_t octets = name.size() + shown.size() + 2;
    if (octets > kLine) return;
    const std::size_t line = text_.rfind('\n') + 1;  // 0 on the first one
    text_ += text_.size() - line + octets > kLine ? "\r\n\t" : " ";
    text_ += name;
    text_ += '=';
    text_ += shown;
  }

  std::string finish() && {
    if (!any_) text_ += "; none";
    return std::move(text_);
  }

 private:
  std::string text_;
  bool any_ = false;
};

void add_dkim(Field& field, const std::vector<dkim::Outcome>& signatures) {
  if (signatures.empty()) field.method("dkim", Result::none);
  for (const auto& signature : signatures) {
    field.method("dkim", signature.result, signature.cause);
    field.property("header.d", signature.domain);
    field.property("header.i", signature.identity);
    field.property("header.s", signature.selector);
    field.property("header.a", signature.algorithm);
    field.property("header.b", signature.signature);
  }
}

}  // namespace

std::string property_value(std::string_view text) {
  return is_token(text) || is_domain_name(text) || is_plain_address(text) ? std::string(text) : quoted(text);
}

std::string authentication_results(const Report& report, std::string_view receiver) {
  Field field(receiver);
  const auto& connection = report.connection;
  if (report.iprev) {
    field.method("iprev", report.iprev->result, report.iprev->cause);
    if (connection.ip) field.property("policy.iprev", connection.ip->to_string());
  }
  if (report.spf) {
    field.method("spf", report.spf->result, report.spf->cause);
    const auto& sender = connection.envelope.mail_from;
    field.property("smtp.mailfrom", sender.empty() ? "postmaster@" + connection.envelope.helo : sender);
  }
  if (report.spf_helo) {
    field.method("spf", report.spf_helo->result, report.spf_helo->cause);
    field.property("smtp.helo", connection.envelope.helo);
  }
  if (report.dkim) add_dkim(field, *report.dkim);
  if (report.arc) {
    field.method("arc", report.arc->result, report.arc->cause);
    if (connection.ip && report.arc->result != Result::none)
      field.property("smtp.remote-ip", connection.ip->to_string());
  }
  if (report.dmarc) {
    const auto& dmarc = report.dmarc->rfc9989;
    field.method("dmarc", dmarc.result, dmarc.cause);
    field.property("header.from", dmarc.from_domain);
    field.property("policy.dmarc", dmarc.policy);
  }
  return std::move(field).finish();
}

std::string authserv_id(std::string_view value) {
  std::string id;
  int depth = 0;
  bool in_quotes = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool pair = c == '\\' && i + 1 < value.size() && (in_quotes || depth > 0);
    if (pair) {
      ++i;
      if (depth == 0) id += value[i];
    } else if (in_quotes) {
      if (c == '"') return id;
      id += c;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      if (depth > 0) --depth;
    } else if (depth > 0) {
      continue;
    } else if (c == '"' && id.empty()) {
      in_quotes = true;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      if (!id.empty()) return id;
    } else if (c == ';') {
      return id;
    } else {
      id += c;
    }
  }
  return id;
}

std::vector<const message::Field*> forged_results(const message::Message& mail, std::string_view receiver) {
  std::vector<const message::Field*> forged;
  for (const auto* field : mail.all("Authentication-Results"))
    if (dns::same_name(authserv_id(field->value), receiver)) forged.push_back(field);
  return forged;
}

}  // namespace mailassay::evaluation
