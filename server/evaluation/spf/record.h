// An SPF record (RFC 7208 section 4.6.1), read whole before anything runs: one type a mechanism.
#pragma once

#include "evaluation/result.h"
#include "evaluation/spf/macro.h"
#include "net/ip_address.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/system/result.hpp>

namespace mailassay::spf {

struct DualCidr {
  unsigned v4 = 32;
  unsigned v6 = 128;
  bool operator==(const DualCidr&) const = default;
};

struct All {
  bool operator==(const All&) const = default;
};
struct Include {
  MacroString domain;
  bool operator==(const Include&) const = default;
};
struct A {
  std::optional<MacroString> domain;  // nothing: the current domain; so below
  DualCidr cidr;
  bool operator==(const A&) const = default;
};
struct Mx {
  std::optional<MacroString> domain;
  DualCidr cidr;
  bool operator==(const Mx&) const = default;
};
struct Ptr {
  std::optional<MacroString> domain;
  bool operator==(const Ptr&) const = default;
};
struct Ip4 {
  net::IpAddress network;
  unsigned prefix = 32;
  bool operator==(const Ip4&) const = default;
};
struct Ip6 {
  net::IpAddress network;  // its bits beyond the prefix are cleared
  unsigned prefix = 128;
  bool operator==(const Ip6&) const = default;
};
struct Exists {
  MacroString domain;
  bool operator==(const Exists&) const = default;
};

using Mechanism = std::variant<All, Include, A, Mx, Ptr, Ip4, Ip6, Exists>;
// "include", "ip4", …
std::string_view name_of(const Mechanism& mechanism);
// Its domain-spec, or null where it has none.
const MacroString* domain_of(const Mechanism& mechanism);
// True for the terms that RFC 7208 section 4.6.4 counts.
bool asks_dns(const Mechanism& mechanism);

// [ qualifier ] mechanism
struct Directive {
  std::string text;  // as written
  evaluation::Result qualifier = evaluation::Result::pass;
  Mechanism mechanism;
};

// name "=" value; redirect and exp hold a domain-spec, others a macro-string that is ignored.
struct Modifier {
  std::string text;  // as written
  std::string name;  // in lower case
  MacroString value;
};

using Term = std::variant<Directive, Modifier>;
const std::string& text_of(const Term& term);

struct Record {
  std::string text;         // as published
  std::vector<Term> terms;  // in order
  std::optional<Modifier> redirect;
  std::optional<Modifier> exp;
  bool has_all = false;  // redirect is then ignored (RFC 7208 section 6.1)

  // The terms as written, one space between them.
  std::string to_string() const;
};

struct SyntaxError {
  std::string term;       // as written
  std::size_t octet = 0;  // of the fault, from 1, in the record
  std::string_view why;   // a stable code: "mechanism_unknown", "prefix_length_too_long", …
};

// True for "v=spf1", without case, followed by a space or nothing (RFC 7208 section 4.5).
bool is_spf_record(std::string_view text);

// `text` is_spf_record(). The first fault from the left is told.
boost::system::result<Record, SyntaxError> parse_record(std::string_view text);

// One term, without spaces; the error's octet counts from the term's start, from 1.
boost::system::result<Term, SyntaxError> parse_term(std::string_view text);

}  // namespace mailassay::spf
