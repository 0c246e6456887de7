// One message: its report, its octets, its words, and what its signatures hashed.
#include "evaluation/dkim/verify.h"
#include "evaluation/report.h"
#include "http/api.h"
#include "http/problem.h"
#include "intake/connection_json.h"
#include "message/message.h"
#include "message/mime.h"

#include <fmt/format.h>

namespace mailassay::http {
namespace {

namespace json = boost::json;

// Octets that somebody else wrote: never shown as a page of ours.
void answer_foreign(httplib::Response& response, std::string octets, const char* type,
                    const std::string& file) {
  response.set_header("Content-Disposition", fmt::format("attachment; filename=\"{}\"", file));
  response.set_header("Content-Security-Policy", "sandbox; default-src 'none'");
  response.status = 200;
  response.set_content(octets, type);
}

}  // namespace

json::object report_of(const store::Message& message) {
  if (!message.report.empty()) {
    boost::system::error_code error;
    json::value report = json::parse(message.report, error);
    if (!error && report.is_object()) return std::move(report.get_object());
  }
  evaluation::Report unjudged;
  unjudged.message.id = message.id;
  unjudged.message.bytes = message.bytes;
  unjudged.message.received_at = message.received_at;
  if (auto connection = intake::read_connection(message.connection))
    unjudged.connection = std::move(*connection);
  return evaluation::to_json(unjudged);
}

std::optional<std::string> Api::mail_of(Call& call) const {
  const auto message = message_of(call);
  if (!message) return std::nullopt;
  auto mail = services_.store.mail(message->id);
  if (!mail) {
    answer_problem(call.response, {404, fmt::format("the mail itself was not kept: the message is {}",
                                                    store::to_string(message->state))});
  }
  return mail;
}

void Api::show_report(Call& call) {
  if (const auto message = message_of(call)) answer_json(call.response, 200, report_of(*message));
}

void Api::show_raw(Call& call) {
  auto mail = mail_of(call);
  if (mail) answer_foreign(call.response, std::move(*mail), "message/rfc822", call.captures[1] + ".eml");
}

// What a person reads in the mail, decoded, so that a verification link in it can be followed.
void Api::show_text(Call& call) {
  auto mail = mail_of(call);
  if (!mail) return;
  const message::Message parsed(std::move(*mail));
  const auto reading = message::decoded_text(parsed);
  json::array attachments;
  for (const auto& [name, type, bytes] : reading.attachments)
    attachments.push_back(json::object{{"name", name}, {"type", type}, {"bytes", bytes}});
  answer_json(call.response, 200,
              {{"text", reading.text},
               {"from_html", reading.from_html},
               {"cut", reading.cut},
               {"links", json::array(reading.links.begin(), reading.links.end())},
               {"attachments", std::move(attachments)}});
}

// ?part=body or header gives what one of the two hashes was taken over; without it both, header first, its
// length in Mailassay-Header-Bytes.
void Api::show_canonical(Call& call) {
  const std::string part = call.request.get_param_value("part");
  if (!part.empty() && part != "body" && part != "header") {
    return answer_problem(call.response,
                          {400, "parameter part is neither body nor header: give one, or leave it out"});
  }
  auto mail = mail_of(call);
  if (!mail) return;
  const auto index = parse_number(call.captures[2]);
  const message::Message parsed(std::move(*mail));
  const auto canonical = index ? dkim::canonical(parsed, *index) : std::nullopt;
  if (!canonical) {
    return answer_problem(call.response, {404,
                                          "the message has no readable DKIM-Signature with this number: they "
                                          "count from 0, from the top"});
  }
  std::string octets;
  if (part != "body") octets += canonical->header;
  if (part != "header") octets += canonical->body;
  if (part.empty())
    call.response.set_header("Mailassay-Header-Bytes", std::to_string(canonical->header.size()));
  answer_foreign(call.response, std::move(octets), "application/octet-stream",
                 fmt::format("{}-dkim-{}.txt", call.captures[1], call.captures[2]));
}

}  // namespace mailassay::http
