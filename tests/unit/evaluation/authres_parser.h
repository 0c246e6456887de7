// Reads an Authentication-Results field by its grammar (RFC 8601 section 2.2), and nothing beyond it: what
// the field holds beside our results would be found out.
#pragma once

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailassay::evaluation::test {

struct Property {
  std::string name;  // "reason", "smtp.mailfrom"
  std::string value;
  bool operator==(const Property&) const = default;
};
struct MethodResult {
  std::string method;
  std::string result;
  std::vector<Property> properties;
};
struct Parsed {
  std::string id;
  std::vector<MethodResult> results;
  std::string words() const {
    std::string text;
    for (const auto& [method, result, properties] : results) text += method + '=' + result + ' ';
    return text;
  }
  // Of the first result of that method that has such a property.
  std::string property(std::string_view method, std::string_view name) const {
    for (const auto& result : results)
      for (const auto& property : result.properties)
        if (result.method == method && property.name == name) return property.value;
    return "absent";
  }
};

// authres-payload of section 2.2: folded by CRLF and a tab, no comments, no other control characters.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Parsed run() {
    Parsed parsed;
    parsed.id = value();
    if (rest() == "; none") return parsed;
    while (!rest().empty()) {
      expect(";\r\n\t");
      MethodResult result{token(), (expect("="), token()), {}};
      while (rest().starts_with(' ') || rest().starts_with("\r\n\t")) {
        expect(rest().starts_with(' ') ? " " : "\r\n\t");
        auto name = token();
        if (name != "reason") name += (expect("."), "." + token());
        expect("=");
        result.properties.push_back({name, value()});
      }
      parsed.results.push_back(std::move(result));
    }
    return parsed;
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  void expect(std::string_view what) {
    if (!rest().starts_with(what))
      throw std::runtime_error("at " + std::to_string(at_) + ": " + std::string(rest()));
    at_ += what.size();
  }
  std::string token() {
    const auto start = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '-'))
      ++at_;
    if (start == at_)
      throw std::runtime_error("no word at " + std::to_string(at_) + ": " + std::string(rest()));
    return std::string(text_.substr(start, at_ - start));
  }
  // A quoted-string, or what a lenient reader takes for one word: up to white space, ";", a parenthesis or a
  // quote.
  std::string value() {
    if (!rest().starts_with('"')) {
      const auto end = std::min(rest().find_first_of(" \t\r\n;()\"\\,<>"), rest().size());
      if (end == 0) throw std::runtime_error("no value at " + std::to_string(at_));
      at_ += end;
      return std::string(text_.substr(at_ - end, end));
    }
    std::string content;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') return ++at_, content;
      if (text_[at_] == '\\') ++at_;
      const auto octet = static_cast<unsigned char>(text_.at(at_));
      if (octet < 0x20 || octet == 0x7f) throw std::runtime_error("a control character in quotes");
      content += text_[at_];
    }
    throw std::runtime_error("a quoted-string without its end");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

inline Parsed parse(std::string_view field) {
  return Parser(field).run();
}

}  // namespace mailassay::evaluation::test
