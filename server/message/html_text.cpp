#include "message/html_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace mailassay::message {
namespace {

constexpr std::size_t kMaxUrl = 2000;

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void append_code_point(std::uint32_t code, std::string& text) {
  if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) code = 0xfffd;
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  const int continuation = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr std::uint8_t kLead[] = {0, 0xc0, 0xe0, 0xf0};
  text += static_cast<char>(kLead[continuation] | code >> 6 * continuation);
  for (int shift = 6 * (continuation - 1); shift >= 0; shift -= 6)
    text += static_cast<char>(0x80 | (code >> shift & 0x3f));
}

// The character reference at the start of text ("&amp;"), appended as text; its length, or 0 if it is none.
std::size_t append_reference(std::string_view text, std::string& out) {
  static constexpr std::pair<std::string_view, std::string_view> kNamed[] = {
      {"amp", "&"},         {"lt", "<"},          {"gt", ">"},         {"quot", "\""},
      {"apos", "'"},        {"nbsp", " "},        {"copy", "\u00a9"},  {"reg", "\u00ae"},
      {"trade", "\u2122"},  {"hellip", "\u2026"}, {"mdash", "\u2014"}, {"ndash", "\u2013"},
      {"middot", "\u00b7"}, {"bull", "\u2022"},   {"laquo", "\u00ab"}, {"raquo", "\u00bb"},
      {"lsquo", "\u2018"},  {"rsquo", "\u2019"},  {"ldquo", "\u201c"}, {"rdquo", "\u201d"},
      {"zwnj", ""},         {"shy", ""},          {"euro", "\u20ac"}};
  const std::size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos) return 0;
  const std::string_view word = text.substr(1, end - 1);
  if (word.starts_with('#')) {
    const bool hex = word.size() > 1 && (word[1] | 0x20) == 'x';
    const std::string_view digits = word.substr(hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    if (error != std::errc() || stop != digits.data() + digits.size()) return 0;
    append_code_point(code, out);
    return end + 1;
  }
  for (const auto& [name, character] : kNamed) {
    if (name != word) continue;
    out += character;
    return end + 1;
  }
  return 0;
}

std::string without_references(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = text[at] == '&' ? append_reference(text.substr(at), result) : 0;
    if (length == 0) result += text[at];
    at += std::max<std::size_t>(length, 1);
  }
  return result;
}

struct Tag {
  std::string name;  // lower-case, "/a" for an end tag
  std::string href;
};

// The value of href in the attributes of a tag.
std::string href_of(std::string_view attributes) {
  while (!attributes.empty()) {
    attributes.remove_prefix(std::min(attributes.find_first_not_of(" \t\r\n\f/"), attributes.size()));
    const auto name = attributes.substr(0, attributes.find_first_of(" \t\r\n\f=/"));
    attributes.remove_prefix(name.empty() && !attributes.empty() ? 1 : name.size());
    std::string_view rest = attributes;
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f"), rest.size()));
    if (!rest.starts_with('=')) continue;
    rest.remove_prefix(1);
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f"), rest.size()));
    const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
    const auto value = quoted ? rest.substr(1, rest.find(rest.front(), 1) - 1)
                              : rest.substr(0, rest.find_first_of(" \t\r\n\f"));
    rest.remove_prefix(std::min(value.size() + (quoted ? 2 : 0), rest.size()));
    attributes = rest;
    if (lower(name) == "href") return without_references(value);
  }
  return {};
}

class Reader {
 public:
  Reader(std::string_view html, std::vector<std::string>& links) : html_(html), links_(links) {}

  std::string read() {
    while (at_ < html_.size()) {
      if (html_[at_] == '<' && starts_markup()) {
        read_markup();
      } else if (html_[at_] == '&') {
        read_reference();
      } else {
        put(html_[at_++]);
      }
    }
    end_link();
    return std::move(text_);
  }

 private:
  bool starts_markup() const {
    if (at_ + 1 == html_.size()) return false;
    const char next = html_[at_ + 1];
    return is_letter(next) || next == '/' || next == '!' || next == '?';
  }

  void read_markup() {
    if (html_.substr(at_, 4) == "<!--") return skip_past("-->", at_ + 4);
    const std::size_t end = html_.find('>', at_);
    const std::string_view inside = html_.substr(at_ + 1, end - at_ - 1);
    at_ = end == std::string_view::npos ? html_.size() : end + 1;
    const std::string name = lower(inside.substr(0, inside.find_first_of(" \t\r\n\f/", 1)));
    if (name == "script" || name == "style" || name == "head" || name == "title") return skip_element(name);
    if (name == "a") {
      end_link();
      href_ = href_of(inside.substr(name.size()));
      link_start_ = text_.size();
    } else if (name == "/a") {
      end_link();
    } else if (name == "br") {
      newline(1);
    } else if (name == "li") {
      newline(1);
      text_ += "- ";
    } else if (is_block(name)) {
      newline(name == "p" || name == "/p" || is_heading(name) ? 2 : 1);
    } else if (name == "td" || name == "th") {
      put(' ');
    }
  }

  void skip_past(std::string_view mark, std::size_t from) {
    const std::size_t end = html_.find(mark, from);
    at_ = end == std::string_view::npos ? html_.size() : end + mark.size();
  }

  // To behind the element's end tag; an element that never ends hides the rest, as in browsers.
  void skip_element(const std::string& name) {
    for (std::size_t from = at_;;) {
      const std::size_t open = html_.find("</", from);
      if (open == std::string_view::npos) {
        at_ = html_.size();
        return;
      }
      if (lower(html_.substr(open + 2, name.size())) == name) return skip_past(">", open);
      from = open + 2;
    }
  }

  static bool is_heading(std::string_view name) {
    if (name.starts_with('/')) name.remove_prefix(1);
    return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
  }

  static bool is_block(std::string_view name) {
    if (is_heading(name)) return true;
    if (name.starts_with('/')) name.remove_prefix(1);
    for (const std::string_view block : {"p", "div", "tr", "table", "ul", "ol", "li", "blockquote", "hr",
                                         "section", "article", "header", "footer", "pre"})
      if (name == block) return true;
    return false;
  }

  void read_reference() {
    const std::size_t length = append_reference(html_.substr(at_), text_);
    if (length == 0) text_ += '&';
    at_ += std::max<std::size_t>(length, 1);
  }

  // Runs of white space are one blank, none at the start of a line.
  void put(char c) {
    if (!is_space(c)) {
      text_ += c;
    } else if (!text_.empty() && !is_space(text_.back())) {
      text_ += ' ';
    }
  }

  void newline(std::size_t count) {
    while (text_.ends_with(' ')) text_.pop_back();
    if (text_.empty()) return;
    std::size_t have = 0;
    while (have < text_.size() && have < count && text_[text_.size() - 1 - have] == '\n') ++have;
    text_.append(count - have, '\n');
  }

  void end_link() {
    const std::string href = std::exchange(href_, {});
    const bool web = lower(href.substr(0, 7)) == "http://" || lower(href.substr(0, 8)) == "https://";
    if (!web || href.size() > kMaxUrl) return;
    links_.push_back(href);
    if (text_.size() < link_start_ || text_.compare(link_start_, std::string::npos, href) == 0) return;
    put(' ');
    text_ += '<' + href + '>';
  }

  std::string_view html_;
  std::vector<std::string>& links_;
  std::size_t at_ = 0;
  std::string text_;
  std::string href_;
  std::size_t link_start_ = 0;
};

}  // namespace

std::string html_to_text(std::string_view html, std::vector<std::string>& links) {
  return Reader(html, links).read();
}

}  // namespace mailassay::message
