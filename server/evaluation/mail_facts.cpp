#include "evaluation/mail_facts.h"

#include "evaluation/authentication_results.h"
#include "evaluation/mail_route.h"
#include "message/encoded_word.h"

#include <algorithm>

namespace mailassay::evaluation {
namespace {

// Fields that a mail has at most once (RFC 5322 section 3.6); readers differ in which of two they believe.
constexpr std::string_view kOnce[] = {"From", "Sender", "Reply-To",   "To",          "Cc",        "Subject",
                                      "Date", "Bcc",    "Message-ID", "In-Reply-To", "References"};

trace::Value first_value(const message::Message& mail, std::string_view name) {
  const auto fields = mail.all(name);
  if (fields.empty()) return nullptr;
  return message::decode_encoded_words(fields.front()->value);
}

// Stable codes: no_from, no_date, repeated_field, space_before_colon, stray_line, no_empty_line.
std::vector<std::string> oddities(const message::Message& mail, const std::vector<std::string>& repeated) {
  std::vector<std::string> codes;
  if (mail.all("From").empty()) codes.emplace_back("no_from");
  if (mail.all("Date").empty()) codes.emplace_back("no_date");
  if (!repeated.empty()) codes.emplace_back("repeated_field");
  const auto fields = mail.fields();
  if (std::any_of(fields.begin(), fields.end(), [](const auto& field) { return field.space_before_colon; }))
    codes.emplace_back("space_before_colon");
  if (!mail.stray_lines().empty()) codes.emplace_back("stray_line");
  if (!mail.has_empty_line()) codes.emplace_back("no_empty_line");
  return codes;
}

}  // namespace

void tell_mail(const message::Message& mail, MessageFacts& facts, std::string_view receiver,
               trace::Scope scope) {
  const auto subjects = mail.all("Subject");
  if (!subjects.empty()) facts.subject = message::decode_encoded_words(subjects.front()->value);
  std::vector<std::string> repeated;
  for (const auto name : kOnce)
    if (mail.all(name).size() > 1) repeated.emplace_back(name);
  scope.step("message.parsed", {{"bytes", facts.bytes},
                                {"header_fields", mail.fields().size()},
                                {"body_bytes", mail.body().size()},
                                {"from", facts.from},
                                {"subject", facts.subject},
                                {"message_id", first_value(mail, "Message-ID")},
                                {"date", first_value(mail, "Date")},
                                {"to", first_value(mail, "To")},
                                {"content_type", first_value(mail, "Content-Type")},
                                {"repeated", repeated},
                                {"oddities", oddities(mail, repeated)},
                                {"rfc", "5322 3.6"}});
  tell_route(mail, scope);
  if (facts.bare_lf) scope.step("message.bare_lf", {{"rfc", "5322 2.3"}});
  for (const auto* forged : forged_results(mail, receiver))
    scope.step("message.forged_results",
               {{"value", message::unfold(forged->value)}, {"receiver", receiver}, {"rfc", "8601 5"}});
}

}  // namespace mailassay::evaluation
