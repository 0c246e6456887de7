#include "evaluation/received_field.h"

#include "dns/name.h"
#include "message/encoded_word.h"

#include <algorithm>
#include <vector>

namespace mailassay::evaluation {
namespace {

// A word, or a whole comment without its parentheses.
struct Part {
  std::string text;
  bool comment = false;
};

std::vector<Part> parts_of(std::string_view value) {
  std::vector<Part> parts;
  int depth = 0;
  std::string text;
  const auto end = [&](bool comment) {
    if (!text.empty()) parts.push_back({std::move(text), comment});
    text.clear();
  };
  for (const char c : value) {
    if (c == '(' && depth++ == 0) {
      end(false);
    } else if (c == ')' && depth > 0 && --depth == 0) {
      end(true);
    } else if (depth == 0 && c == ' ') {
      end(false);
    } else if (depth == 0 && c == ';') {
      break;  // the date follows
    } else {
      text += c;
    }
  }
  end(depth > 0);
  return parts;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (const auto& part : parts_of(text)) words.push_back(part.text);
  return words;
}

// "[192.0.2.1]:25", "[IPv6:2001:db8::1]", "192.0.2.1", "2001:db8::1"
std::optional<net::IpAddress> read_address(std::string_view word) {
  while (!word.empty() && (word.back() == ',' || word.back() == ';')) word.remove_suffix(1);
  if (!word.empty() && word.front() == '[') {
    const auto close = word.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    word = word.substr(1, close - 1);
  }
  if (dns::lower(word.substr(0, 5)) == "ipv6:") word.remove_prefix(5);
  return net::IpAddress::parse(word);
}

// The comment after the client's name: "rdns [ip]", "[ip] helo=name", "ip", "EHLO name", "HELO name".
void read_client(std::string_view comment, ReceivedField& field) {
  const auto words = words_of(comment);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto lower = dns::lower(words[i]);
    if (const auto ip = read_address(words[i])) {
      if (!field.ip) field.ip = ip;
    } else if (lower.substr(0, 5) == "helo=" || lower.substr(0, 5) == "ehlo=") {
      field.helo = words[i].substr(5);
      field.helo_stated = true;
    } else if ((lower == "helo" || lower == "ehlo") && i + 1 < words.size()) {
      field.helo = words[++i];
      field.helo_stated = true;
    } else if (lower == "unknown") {
      field.nameless = true;
    } else if (field.rdns.empty() && words[i].find('.') != std::string::npos &&
               words[i].find_first_of("=@:") == std::string::npos) {
      field.rdns = std::string(dns::without_trailing_dot(words[i]));
    }
  }
}

// The octets of `text` from `mark` on, without case; nothing if it is not there.
std::optional<std::string_view> after(std::string_view text, std::string_view mark) {
  const auto lower = dns::lower(text);
  const auto place = lower.find(mark);
  if (place == std::string::npos) return std::nullopt;
  return text.substr(place + mark.size());
}

std::string_view first_word(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return {};
  text = text.substr(start);
  return text.substr(0, text.find_first_of(" \t\r\n;)"));
}

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

}  // namespace

ReceivedField parse_received(std::string_view value) {
  ReceivedField field;
  const auto line = message::unfold(value);
  enum class In { nowhere, from, by } in = In::nowhere;
  std::optional<net::IpAddress> client;
  for (const auto& part : parts_of(line)) {
    const auto lower = dns::lower(part.text);
    if (part.comment) {
      if (in == In::from) read_client(part.text, field);
    } else if (lower == "from" && in == In::nowhere) {
      in = In::from;
    } else if (lower == "by" && field.by.empty()) {
      in = In::by;
    } else if (in == In::from && field.helo.empty() && !field.ip) {
      client = read_address(part.text);
      if (part.text.front() == '[') field.ip = client;
      field.helo = part.text;
    } else if (in == In::by && field.by.empty()) {
      field.by = part.text;
      in = In::nowhere;
    }
  }
  // Yahoo: "from 192.0.2.1 (EHLO name)". Elsewhere a bare address in that place is what the client said.
  if (field.helo_stated && !field.ip) field.ip = client;
  return field;
}

std::string pair_value(std::string_view value, std::string_view key) {
  const auto text = message::unfold(value);
  const auto lower = dns::lower(text);
  const auto mark = std::string(key) + '=';
  for (auto place = lower.find(mark); place != std::string::npos; place = lower.find(mark, place + 1)) {
    if (place > 0 && in_word(lower[place - 1])) continue;
    auto rest = std::string_view(text).substr(place + mark.size());
    if (rest.empty() || rest[0] != '"') return std::string(first_word(rest));
    std::string quoted;
    for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      quoted += rest[i];
    }
    return quoted;
  }
  return {};
}

std::optional<net::IpAddress> address_in_comment(std::string_view value) {
  const auto text = message::unfold(value);
  for (const std::string_view mark : {"sender ip is ", "designate ", "designates "})
    if (const auto rest = after(text, mark))
      if (const auto ip = read_address(first_word(*rest))) return ip;
  return std::nullopt;
}

std::string sender_in_comment(std::string_view value) {
  const auto text = message::unfold(value);
  const auto rest = after(text, "domain of ");
  if (!rest) return {};
  const auto word = first_word(*rest);
  return word == "transitioning" ? std::string(first_word(rest->substr(word.size()))) : std::string(word);
}

}  // namespace mailassay::evaluation
