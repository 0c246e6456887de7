#include "evaluation/spf/macro.h"

#include "evaluation/spf/ascii.h"

#include <algorithm>

namespace mailassay::spf {
namespace {

constexpr std::string_view kTermLetters = "slodiphv";
constexpr std::string_view kExplanationLetters = "crt";
constexpr std::string_view kDelimiters = ".-+,/_=";
constexpr unsigned kManyParts = 1000;  // more than any name has; RFC 7208 section 7.3 asks for 127
constexpr std::size_t kLongestName = 253;

// Reads one macro-string from left to right; the first fault ends it.
class MacroParser {
 public:
  MacroParser(std::string_view text, bool explanation) : text_(text), explanation_(explanation) {}

  MacroResult parse() {
    while (at_ < text_.size()) {
      const bool read = text_[at_] == '%' ? read_macro() : read_literal();
      if (!read) return error_;
    }
    return std::move(macro_);
  }

  // Where the text after the last %-expression begins.
  std::size_t tail() const { return tail_; }

  MacroString macro_;

 private:
  bool fail(std::string_view why, std::size_t offset) {
    error_ = {why, offset};
    return false;
  }

  void add_literal(std::string_view literal) {
    if (macro_.pieces.empty() || macro_.pieces.back().letter != 0) macro_.pieces.emplace_back();
    macro_.pieces.back().literal += literal;
  }

  bool read_literal() {
    const char c = text_[at_];
    if (!is_ascii(c)) return fail("not_ascii", at_);
    if (!is_visible(c) && !(explanation_ && c == ' ')) return fail("control_character", at_);
    add_literal(text_.substr(at_++, 1));
    return true;
  }

  bool read_macro() {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind == '{') return read_expression();
    if (kind != '%' && kind != '_' && kind != '-') return fail("macro_percent", at_);
    add_literal(kind == '%' ? "%" : kind == '_' ? " " : "%20");
    at_ += 2;
    tail_ = at_;
    return true;
  }

  // "%{" macro-letter *DIGIT [ "r" ] *delimiter "}"
  bool read_expression() {
    const auto start = at_;
    at_ += 2;
    if (at_ >= text_.size()) return fail("macro_unfinished", start);
    MacroPiece piece;
    piece.letter = to_lower(text_[at_]);
    piece.url_escape = text_[at_] != piece.letter;
    const bool exp_only = kExplanationLetters.find(piece.letter) != std::string_view::npos;
    if (!exp_only && kTermLetters.find(piece.letter) == std::string_view::npos)
      return fail("macro_letter_unknown", at_);
    if (exp_only && !explanation_) return fail("macro_letter_exp_only", at_);
    ++at_;
    if (!read_transformers(piece)) return false;
    if (at_ >= text_.size() || text_[at_] != '}') return fail("macro_unfinished", start);
    tail_ = ++at_;
    macro_.pieces.push_back(std::move(piece));
    return true;
  }

  bool read_transformers(MacroPiece& piece) {
    const auto digits = at_;
    for (; at_ < text_.size() && is_digit(text_[at_]); ++at_)
      piece.parts = std::min(kManyParts, piece.parts * 10 + static_cast<unsigned>(text_[at_] - '0'));
    if (at_ > digits && piece.parts == 0) return fail("macro_parts_zero", digits);
    if (at_ < text_.size() && to_lower(text_[at_]) == 'r') {
      piece.reverse = true;
      ++at_;
    }
    const auto delimiters = at_;
    while (at_ < text_.size() && kDelimiters.find(text_[at_]) != std::string_view::npos) ++at_;
    piece.delimiters = text_.substr(delimiters, at_ - delimiters);
    return true;
  }

  std::string_view text_;
  bool explanation_;
  std::size_t at_ = 0;
  std::size_t tail_ = 0;
  MacroError error_;
};

MacroResult parse(std::string_view text, bool explanation) {
  MacroParser parser(text, explanation);
  auto result = parser.parse();
  if (result) result->text = text;
  return result;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

// The fault of the literal end of a domain-spec, or nothing: it must be "." toplabel [ "." ].
std::string_view domain_end_fault(std::string_view tail) {
  if (tail.ends_with('.')) tail.remove_suffix(1);
  const auto dot = tail.rfind('.');
  const auto top = dot == std::string_view::npos ? tail : tail.substr(dot + 1);
  if (top.find('/') != std::string_view::npos) return "prefix_length_misplaced";
  if (top.find(':') != std::string_view::npos) return "port_not_allowed";
  if (dot == std::string_view::npos) return "domain_single_label";
  if (top.empty()) return "domain_top_label";
  if (all_digits(top)) {
    const bool address =
        std::all_of(tail.begin(), tail.end(), [](char c) { return is_digit(c) || c == '.'; });
    return address ? "domain_is_address" : "domain_top_label_numeric";
  }
  const bool ldh = std::all_of(top.begin(), top.end(), [](char c) { return is_alphanum(c) || c == '-'; });
  return !ldh || top.front() == '-' || top.back() == '-' ? "domain_top_label" : std::string_view();
}

void append_escaped(std::string& out, std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_alphanum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      const auto octet = static_cast<unsigned char>(c);
      out += {'%', kHex[octet >> 4], kHex[octet & 0xf]};
    }
  }
}

// Splits, reverses, keeps the right-hand parts, and joins with dots (RFC 7208 section 7.3).
std::string transform(const MacroPiece& piece, std::string_view value) {
  const std::string_view delimiters = piece.delimiters.empty() ? std::string_view(".") : piece.delimiters;
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= value.size();) {
    const auto end = std::min(value.find_first_of(delimiters, start), value.size());
    parts.push_back(value.substr(start, end - start));
    start = end + 1;
  }
  if (piece.reverse) std::reverse(parts.begin(), parts.end());
  const auto skipped = piece.parts != 0 && piece.parts < parts.size() ? parts.size() - piece.parts : 0;
  std::string joined;
  for (std::size_t i = skipped; i < parts.size(); ++i) {
    if (i > skipped) joined += '.';
    joined += parts[i];
  }
  return joined;
}

}  // namespace

bool MacroString::has_macros() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const auto& piece) { return piece.letter != 0; });
}

bool MacroString::uses(char letter) const {
  return std::any_of(pieces.begin(), pieces.end(),
                     [letter](const auto& piece) { return piece.letter == letter; });
}

MacroResult parse_macro_string(std::string_view text) {
  return parse(text, false);
}

MacroResult parse_explanation(std::string_view text) {
  return parse(text, true);
}

MacroResult parse_domain_spec(std::string_view text) {
  if (text.empty()) return MacroError{"domain_empty", 0};
  MacroParser parser(text, false);
  auto result = parser.parse();
  if (!result) return result;
  result->text = text;
  if (parser.tail() == text.size()) return result;
  const auto fault = domain_end_fault(text.substr(parser.tail()));
  if (!fault.empty()) return MacroError{fault, parser.tail()};
  return result;
}

std::string_view MacroValues::of(char letter) const {
  switch (letter) {
    case 's':
      return sender;
    case 'l':
      return local_part;
    case 'o':
      return sender_domain;
    case 'd':
      return domain;
    case 'i':
      return ip;
    case 'p':
      return validated;
    case 'v':
      return version;
    case 'h':
      return helo;
    case 'c':
      return readable_ip;
    case 'r':
      return receiver;
    case 't':
      return timestamp;
    default:
      return {};
  }
}

std::string expand(const MacroString& macro, const MacroValues& values) {
  std::string out;
  for (const auto& piece : macro.pieces) {
    if (piece.letter == 0) {
      out += piece.literal;
      continue;
    }
    const auto value = values.of(piece.letter);
    const bool plain = piece.parts == 0 && !piece.reverse && piece.delimiters.empty();
    const auto transformed = plain ? std::string(value) : transform(piece, value);
    if (piece.url_escape)
      append_escaped(out, transformed);
    else
      out += transformed;
  }
  return out;
}

ExpandedDomain expand_domain(const MacroString& macro, const MacroValues& values) {
  ExpandedDomain domain{expand(macro, values)};
  if (domain.name.ends_with('.') && !domain.name.ends_with("..")) domain.name.pop_back();
  while (domain.name.size() > kLongestName) {
    const auto dot = domain.name.find('.');
    if (dot == std::string::npos) break;
    domain.name.erase(0, dot + 1);
    domain.truncated = true;
  }
  return domain;
}

}  // namespace mailassay::spf
