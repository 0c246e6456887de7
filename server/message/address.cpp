#include "message/address.h"

#include "message/encoded_word.h"

#include <algorithm>
#include <iterator>

namespace mailassay::message {
namespace {

struct Token {
  enum class Kind { atom, quoted, comment, literal, special };
  Kind kind = Kind::atom;
  std::string text;     // unquoted; a special is its one character
  bool spaced = false;  // white space or a comment stands before it
  bool is(char special) const { return kind == Kind::special && text[0] == special; }
};

using Tokens = std::vector<Token>;

class Faults {
 public:
  explicit Faults(std::vector<std::string>& list) : list_(list) {}
  void add(std::string_view code) {
    if (std::find(list_.begin(), list_.end(), code) == list_.end()) list_.emplace_back(code);
  }

 private:
  std::vector<std::string>& list_;
};

class Lexer {
 public:
  Lexer(std::string_view text, Faults& faults) : text_(text), faults_(faults) {}

  Tokens run() {
    tokens_.reserve(16);  // a name and an address
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        spaced_ = true;
        ++at_;
      } else if (c == '(') {
        add(Token::Kind::comment, comment());
        spaced_ = true;
      } else if (c == '"') {
        add(Token::Kind::quoted, delimited('"', "unclosed_quote"));
      } else if (c == '[') {
        add(Token::Kind::literal, '[' + delimited(']', "unclosed_literal") + ']');
      } else if (kSpecials.find(c) != std::string_view::npos) {
        ++at_;
        add(Token::Kind::special, std::string(1, c));
      } else {
        add(Token::Kind::atom, atom());
      }
    }
    return std::move(tokens_);
  }

 private:
  static constexpr std::string_view kSpecials = ")<>]:;@\\,.";

  void add(Token::Kind kind, std::string text) {
    tokens_.push_back({kind, std::move(text), spaced_});
    spaced_ = false;
  }

  std::string atom() {
    const auto start = at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '(' || c == '"' || c == '[' ||
          kSpecials.find(c) != std::string_view::npos)
        break;
      note_control(c);
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  std::string delimited(char end, std::string_view fault) {
    std::string content;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == end) {
        ++at_;
        return content;
      }
      take(content);
    }
    faults_.add(fault);
    return content;
  }

  std::string comment() {
    std::string content;
    int depth = 1;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '(') ++depth;
      if (text_[at_] == ')' && --depth == 0) {
        ++at_;
        return content;
      }
      take(content);
    }
    faults_.add("unclosed_comment");
    return content;
  }

  // One character of quoted text, a quoted pair counting as what it stands for; folds vanish.
  void take(std::string& content) {
    if (text_[at_] == '\r' || text_[at_] == '\n') return;
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    note_control(text_[at_]);
    content += text_[at_];
  }

  void note_control(char c) {
    if ((c >= 0 && c < 0x20 && c != '\t') || c == 0x7f) faults_.add("control_character");
  }

  std::string_view text_;
  Faults& faults_;
  std::size_t at_ = 0;
  bool spaced_ = false;
  Tokens tokens_;
};

bool is_atom_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c < 0 ||
         kOthers.find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) {
  bool atom = false;
  for (const char c : text) {
    if (c == '.' ? !atom : !is_atom_character(c)) return false;
    atom = c != '.';
  }
  return atom;
}

std::string quoted(std::string_view text) {
  if (is_dot_atom(text)) return std::string(text);
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string lower_case(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

class Parser {
 public:
  Parser(Tokens tokens, Mailboxes& out, Faults& faults)
      : tokens_(std::move(tokens)), out_(out), faults_(faults) {}

  void run() {
    bool in_group = false;
    Tokens phrase;
    for (at_ = 0; at_ < tokens_.size();) {
      const auto& token = tokens_[at_];
      if (token.is(',') || token.is(';')) {
        flush(phrase);
        if (token.is(';')) in_group = false;
        ++at_;
      } else if (token.is(':') && !in_group && !has_at(phrase)) {
        in_group = true;
        faults_.add("group");
        phrase.clear();
        ++at_;
      } else if (token.is('<')) {
        angle(phrase);
      } else {
        phrase.push_back(std::move(tokens_[at_]));
        ++at_;
      }
    }
    flush(phrase);
    if (in_group) faults_.add("unclosed_group");
  }

 private:
  static bool has_at(const Tokens& tokens) {
    return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) { return token.is('@'); });
  }

  // "<route:addr-spec>", the phrase before it being the display name.
  void angle(Tokens& phrase) {
    Tokens inside;
    bool closed = false;
    for (++at_; at_ < tokens_.size() && !closed; ++at_) {
      if (tokens_[at_].is('<')) break;
      closed = tokens_[at_].is('>');
      if (!closed) inside.push_back(std::move(tokens_[at_]));
    }
    if (!closed) faults_.add("unclosed_angle");
    drop_route(inside);
    auto name = display_name(phrase);
    if (name.find('@') != std::string::npos) faults_.add("address_in_display_name");
    if (after_angle_) faults_.add("missing_comma");
    if (has_at(phrase)) addresses(std::move(phrase), {});  // a@x <b@y>: a reader may believe either
    phrase.clear();
    if (inside.empty())
      faults_.add("empty_address");
    else
      addresses(std::move(inside), std::move(name));
    after_angle_ = true;
  }

  void drop_route(Tokens& inside) {
    if (inside.empty() || !inside.front().is('@')) return;
    const auto colon =
        std::find_if(inside.begin(), inside.end(), [](const Token& token) { return token.is(':'); });
    if (colon == inside.end()) return;
    inside.erase(inside.begin(), colon + 1);
    faults_.add("source_route");
  }

  // What stands before a comma, a semicolon or the end.
  void flush(Tokens& phrase) {
    const bool only_comments = std::all_of(
        phrase.begin(), phrase.end(), [](const Token& token) { return token.kind == Token::Kind::comment; });
    if (!only_comments && after_angle_ && !has_at(phrase))
      faults_.add("junk_after_address");
    else if (!only_comments)
      addresses(std::move(phrase), {});
    after_angle_ = false;
    in_element_ = 0;
    phrase.clear();
  }

  std::string display_name(const Tokens& phrase) {
    std::string name;
    for (const auto& token : phrase) {
      if (token.kind == Token::Kind::comment) continue;
      if (token.spaced && !name.empty()) name += ' ';
      name += token.text;
    }
    auto decoded = decode_encoded_words(name);
    if (decoded != name && decoded.find('@') != std::string::npos) faults_.add("encoded_address");
    return decoded;
  }

  // One addr-spec; or several, where white space alone parts them. Words without @ beside one with it are
  // junk; without any @, all is one mailbox that has no domain.
  void addresses(Tokens tokens, std::string name) {
    std::vector<Tokens> words;
    for (auto& token : tokens) {
      if (token.kind == Token::Kind::comment) continue;
      const bool joins = !words.empty() && (!token.spaced || token.kind == Token::Kind::special ||
                                            words.back().back().kind == Token::Kind::special);
      if (!joins) words.emplace_back();
      words.back().push_back(std::move(token));
    }
    if (std::none_of(words.begin(), words.end(), has_at)) return nameless(words, std::move(name));
    for (const auto& word : words) {
      if (has_at(word))
        address_spec(word, name);
      else
        faults_.add("junk_after_address");
    }
  }

  void nameless(const std::vector<Tokens>& words, std::string name) {
    if (words.empty()) return;
    Mailbox mailbox;
    mailbox.display_name = std::move(name);
    for (const auto& word : words) {
      if (!mailbox.local_part.empty()) mailbox.local_part += ' ';
      for (const auto& token : word) mailbox.local_part += token.text;
    }
    const auto decoded = decode_encoded_words(mailbox.local_part);
    if (decoded != mailbox.local_part && decoded.find('@') != std::string::npos)
      faults_.add("encoded_address");
    mailbox.addr_spec = quoted(mailbox.local_part);
    add(std::move(mailbox));
  }

  void address_spec(const Tokens& tokens, std::string name) {
    auto ats = std::count_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.is('@'); });
    if (ats > 1) faults_.add("several_at");
    Mailbox mailbox;
    mailbox.display_name = std::move(name);
    bool quoted_domain = false;
    for (const auto& token : tokens) {
      if (token.is('@') && --ats == 0) continue;
      (ats == 0 ? mailbox.domain : mailbox.local_part) += token.text;
      quoted_domain = quoted_domain || (ats == 0 && token.kind == Token::Kind::quoted);
    }
    if (mailbox.domain.ends_with('.') && !mailbox.domain.ends_with("..")) mailbox.domain.pop_back();
    const bool literal = mailbox.domain.starts_with('[');
    if (!mailbox.domain.empty() && !literal && (quoted_domain || !is_dot_atom(mailbox.domain)))
      faults_.add("bad_domain");
    mailbox.domain = lower_case(std::move(mailbox.domain));
    mailbox.addr_spec = quoted(mailbox.local_part) + '@' + mailbox.domain;
    add(std::move(mailbox));
  }

  void add(Mailbox mailbox) {
    if (in_element_++ > 0) faults_.add("missing_comma");
    if (mailbox.domain.empty()) faults_.add("no_domain");
    if (!mailbox.domain.empty() && mailbox.domain[0] == '[') faults_.add("domain_literal");
    out_.mailboxes.push_back(std::move(mailbox));
  }

  Tokens tokens_;
  Mailboxes& out_;
  Faults& faults_;
  std::size_t at_ = 0;
  bool after_angle_ = false;  // an angle-addr of this element was read
  int in_element_ = 0;        // mailboxes since the last comma
};

// Up to a comma, so that no address is cut into another one.
std::string_view beginning(std::string_view value, Faults& faults) {
  if (value.size() <= kAddressOctets) return value;
  faults.add("too_long");
  const auto comma = value.rfind(',', kAddressOctets);
  return value.substr(0, comma == std::string_view::npos ? kAddressOctets : comma);
}

}  // namespace

Mailboxes parse_mailboxes(std::string_view value) {
  Mailboxes result;
  Faults faults(result.faults);
  auto tokens = Lexer(beginning(value, faults), faults).run();
  Parser(std::move(tokens), result, faults).run();
  if (result.mailboxes.empty()) faults.add("empty");
  return result;
}

Mailboxes mailboxes_of(const Message& mail, std::string_view name) {
  Mailboxes all;
  Faults faults(all.faults);
  std::size_t octets = 0;
  for (const auto* field : mail.all(name)) {
    if (octets > 0 && octets + field->value.size() > kAddressOctets) {
      faults.add("too_long");
      break;
    }
    octets += field->value.size();
    auto parsed = parse_mailboxes(field->value);
    for (const auto& fault : parsed.faults) faults.add(fault);
    std::move(parsed.mailboxes.begin(), parsed.mailboxes.end(), std::back_inserter(all.mailboxes));
  }
  return all;
}

}  // namespace mailassay::message
