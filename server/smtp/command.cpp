#include "smtp/command.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace mailassay::smtp {
namespace {

using Parsed = std::variant<Command, Reply>;

constexpr std::string_view white_space = " \t";

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return upper(c); });
  return result;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

// Takes the next word off the front of `text`.
std::string_view next_word(std::string_view& text) {
  text = trim(text);
  const auto end = std::min(text.find_first_of(white_space), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

bool starts_without_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_without_case(text.substr(0, prefix.size()), prefix);
}

Reply syntax_error(std::string text) {
  return {501, "5.5.4", {std::move(text)}};
}

Reply bad_parameter(std::string_view parameter, std::string_view fault) {
  return {555, "5.5.4", {"Parameter " + std::string(parameter) + " " + std::string(fault)}};
}

std::optional<std::uint64_t> to_number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<Reply> read_mail_parameter(std::string_view word, MailParameters& parameters) {
  const auto equals = word.find('=');
  const auto keyword = word.substr(0, equals);
  const auto value = equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1);
  if (equals_without_case(keyword, "SIZE")) {
    parameters.size = to_number(value);
    if (!parameters.size) return syntax_error("SIZE= wants a number of octets");
  } else if (equals_without_case(keyword, "BODY")) {
    parameters.body = upper(value);
    if (parameters.body != "7BIT" && parameters.body != "8BITMIME") {
      return bad_parameter("BODY", "may be 7BIT or 8BITMIME here");
    }
  } else if (equals_without_case(keyword, "SMTPUTF8")) {
    if (equals != std::string_view::npos) return syntax_error("SMTPUTF8 takes no value");
    parameters.smtputf8 = true;
  } else if (equals_without_case(keyword, "AUTH")) {
    if (value.empty()) return syntax_error("AUTH= wants a mailbox or <>");
    parameters.auth = value;
  } else {
    return bad_parameter(keyword, "is not offered by this server's EHLO reply");
  }
  return std::nullopt;
}

std::optional<Reply> read_parameters(Command& command, std::string_view rest) {
  for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
    if (command.verb == Verb::rcpt) {
      return bad_parameter(word.substr(0, word.find('=')), "is not offered by this server's EHLO reply");
    }
    if (auto fault = read_mail_parameter(word, command.parameters)) return fault;
  }
  return std::nullopt;
}

// MAIL FROM:<path> [parameters], RCPT TO:<path> [parameters]
Parsed parse_path_command(Command command, std::string_view argument) {
  const bool mail = command.verb == Verb::mail;
  const std::string_view prefix = mail ? "FROM" : "TO";
  const std::string usage = mail ? "Syntax: MAIL FROM:<address>; " : "Syntax: RCPT TO:<address>; ";
  if (!starts_without_case(argument, prefix)) {
    return syntax_error(usage + std::string(prefix) + ": is missing");
  }
  argument = trim(argument.substr(prefix.size()));
  if (!argument.starts_with(':')) {
    return syntax_error(usage + "the colon after " + std::string(prefix) + " is missing");
  }
  std::string fault;
  auto read = read_path(argument.substr(1), &fault);
  if (!read) return syntax_error(usage + fault);
  if (!read->rest.empty() && white_space.find(read->rest.front()) == std::string_view::npos) {
    return syntax_error(usage + "after \">\" comes a space, then parameters");
  }
  command.path = std::move(read->path);
  if (!mail && command.path.mailbox.empty()) {
    return Reply{501, "5.1.3", {"RCPT TO:<> names nobody; only MAIL FROM may be empty"}};
  }
  if (auto bad = read_parameters(command, read->rest)) return std::move(*bad);
  return command;
}

// BDAT octets [LAST] (RFC 3030 section 2)
Parsed parse_bdat(Command command, std::string_view argument) {
  const auto size = to_number(next_word(argument));
  const auto last = next_word(argument);
  command.last_chunk = equals_without_case(last, "LAST");
  if (!size || (!last.empty() && !command.last_chunk) || !trim(argument).empty()) {
    return syntax_error("Syntax: BDAT octets [LAST]; octets is a decimal number");
  }
  command.chunk_octets = *size;
  return command;
}

// AUTH mechanism [initial-response] (RFC 4954 section 4)
Parsed parse_auth(Command command, std::string_view argument) {
  command.mechanism = upper(next_word(argument));
  if (command.mechanism.empty()) return syntax_error("Syntax: AUTH mechanism [initial response]");
  const auto response = next_word(argument);
  if (!response.empty()) command.initial_response = response;
  if (!trim(argument).empty()) return syntax_error("AUTH takes one initial response, in base64");
  return command;
}

Parsed parse_name(Command command, std::string_view argument, std::string_view usage) {
  command.argument = trim(argument);
  if (command.argument.empty()) return syntax_error("Syntax: " + std::string(usage));
  return command;
}

Parsed parse_bare(Command command, std::string_view argument, std::string_view verb) {
  if (!trim(argument).empty()) return syntax_error(std::string(verb) + " takes no argument");
  return command;
}

struct Keyword {
  std::string_view text;
  Verb verb;
};
constexpr std::array keywords = {
    Keyword{"HELO", Verb::helo}, Keyword{"EHLO", Verb::ehlo},        Keyword{"MAIL", Verb::mail},
    Keyword{"RCPT", Verb::rcpt}, Keyword{"DATA", Verb::data},        Keyword{"BDAT", Verb::bdat},
    Keyword{"RSET", Verb::rset}, Keyword{"NOOP", Verb::noop},        Keyword{"VRFY", Verb::vrfy},
    Keyword{"EXPN", Verb::expn}, Keyword{"HELP", Verb::help},        Keyword{"QUIT", Verb::quit},
    Keyword{"AUTH", Verb::auth}, Keyword{"STARTTLS", Verb::starttls}};

const Keyword* find_keyword(std::string_view word) {
  const auto* found = std::find_if(keywords.begin(), keywords.end(),
                                   [&](const Keyword& k) { return equals_without_case(word, k.text); });
  return found == keywords.end() ? nullptr : found;
}

}  // namespace

bool equals_without_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return upper(a) == upper(b); });
}

std::variant<Command, Reply> parse_command(std::string_view line) {
  if (line.find('\0') != std::string_view::npos) {
    return Reply{500, "5.5.2", {"A command may not hold a NUL octet"}};
  }
  auto argument = line;
  const auto word = next_word(argument);
  argument = trim(argument);
  const auto* keyword = find_keyword(word);
  if (keyword == nullptr) {
    if (word.empty()) return Reply{500, "5.5.2", {"An empty line is not a command; HELP lists them"}};
    return Reply{500, "5.5.1", {"Unknown command; HELP lists the known ones"}};
  }
  Command command;
  command.verb = keyword->verb;
  switch (keyword->verb) {
    case Verb::mail:
    case Verb::rcpt:
      return parse_path_command(std::move(command), argument);
    case Verb::bdat:
      return parse_bdat(std::move(command), argument);
    case Verb::auth:
      return parse_auth(std::move(command), argument);
    case Verb::helo:
      return parse_name(std::move(command), argument, "HELO name-of-your-host");
    case Verb::ehlo:
      return parse_name(std::move(command), argument, "EHLO name-of-your-host");
    case Verb::vrfy:
      return parse_name(std::move(command), argument, "VRFY address");
    case Verb::data:
    case Verb::rset:
    case Verb::quit:
    case Verb::starttls:
      return parse_bare(std::move(command), argument, keyword->text);
    case Verb::noop:
    case Verb::expn:
    case Verb::help:
      command.argument = argument;
      return command;
  }
  return command;
}

std::string without_secrets(std::string_view line) {
  auto rest = line;
  if (!equals_without_case(next_word(rest), "AUTH")) return std::string(line);
  next_word(rest);
  if (trim(rest).empty()) return std::string(line);
  return std::string(line.substr(0, line.size() - rest.size())) + " ****";
}

bool looks_like_http(std::string_view line) {
  return line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0") || line.ends_with(" HTTP/2.0");
}

}  // namespace mailassay::smtp
