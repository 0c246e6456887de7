// SPF macros (RFC 7208 section 7): read once with the record, expanded for each check.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace mailassay::spf {

// What is wrong, as a stable code ("macro_letter_unknown"), and where in the text that was read.
struct MacroError {
  std::string_view why;
  std::size_t offset = 0;
};

// Either literal text (%%, %_ and %- are resolved) or one %{…}.
struct MacroPiece {
  std::string literal;  // used when letter is 0
  char letter = 0;      // in lower case
  bool url_escape = false;
  bool reverse = false;
  unsigned parts = 0;      // how many right-hand parts stay; 0: all
  std::string delimiters;  // empty: "." and, unless parts or reverse ask for it, no splitting

  bool operator==(const MacroPiece&) const = default;
};

struct MacroString {
  std::string text;  // as written
  std::vector<MacroPiece> pieces;

  bool has_macros() const;
  // True if %{letter} occurs, in either case; letter is in lower case.
  bool uses(char letter) const;
  bool operator==(const MacroString&) const = default;
};

using MacroResult = boost::system::result<MacroString, MacroError>;

// macro-string: visible ASCII; c, r and t are refused (RFC 7208 section 7.3).
MacroResult parse_macro_string(std::string_view text);
// domain-spec: a macro-string that ends in a macro or in "." toplabel [ "." ] (RFC 7208 section 7.1).
MacroResult parse_domain_spec(std::string_view text);
// explain-string: spaces, and every macro letter.
MacroResult parse_explanation(std::string_view text);

// What the letters stand for (RFC 7208 section 7.2).
struct MacroValues {
  std::string_view sender;         // s
  std::string_view local_part;     // l
  std::string_view sender_domain;  // o
  std::string_view domain;         // d
  std::string_view ip;             // i: dotted quad, or dotted nibbles
  std::string_view validated;      // p
  std::string_view version;        // v: "in-addr" or "ip6"
  std::string_view helo;           // h
  std::string_view readable_ip;    // c
  std::string_view receiver;       // r
  std::string_view timestamp;      // t

  std::string_view of(char letter) const;
};

std::string expand(const MacroString& macro, const MacroValues& values);

struct ExpandedDomain {
  std::string name;        // without a trailing dot
  bool truncated = false;  // labels were cut from the left to stay within 253 octets
};
// Expands to a name for the DNS (RFC 7208 section 7.3).
ExpandedDomain expand_domain(const MacroString& macro, const MacroValues& values);

}  // namespace mailassay::spf
