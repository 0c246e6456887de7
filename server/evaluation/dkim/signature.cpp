#include "evaluation/dkim/signature.h"

#include "evaluation/dkim/base64.h"
#include "evaluation/dkim/field_index.h"

#include <algorithm>
#include <limits>

namespace mailassay::dkim {
namespace {

void set_fault(Signature& signature, Fault fault) {
  if (!signature.fault) signature.fault = fault;
}

// The tag's value; a required tag that is missing is a fault.
const Tag* require(Signature& signature, std::string_view name) {
  const Tag* tag = signature.tags.find(name);
  if (tag == nullptr) set_fault(signature, {"tag_missing", name, {}});
  return tag;
}

void read_algorithm(Signature& signature) {
  const Tag* tag = require(signature, "a");
  if (tag == nullptr) return;
  signature.algorithm = tag->value;
  const auto dash = tag->value.rfind('-');
  const std::string_view hash =
      dash == std::string_view::npos ? std::string_view{} : tag->value.substr(dash + 1);
  signature.key_type = key_type_of(tag->value.substr(0, dash));
  signature.hash = hash == "sha256" ? Hash::sha256 : hash == "sha1" ? Hash::sha1 : Hash::unknown;
  const bool ed25519_sha1 = signature.key_type == KeyType::ed25519 && signature.hash == Hash::sha1;
  if (signature.key_type == KeyType::unknown || signature.hash == Hash::unknown || ed25519_sha1)
    set_fault(signature, {"algorithm_unknown", "a", tag->value});
}

// With case, as every value whose tag does not say otherwise (section 3.2).
std::optional<Canonicalization> canonicalization_of(std::string_view word) {
  if (word == "simple") return Canonicalization::simple;
  if (word == "relaxed") return Canonicalization::relaxed;
  return std::nullopt;
}

// "relaxed" alone is relaxed for the header and simple for the body.
void read_canonicalization(Signature& signature) {
  const Tag* tag = signature.tags.find("c");
  if (tag == nullptr) return;
  const auto slash = tag->value.find('/');
  const auto header = canonicalization_of(tag->value.substr(0, slash));
  const auto body = slash == std::string_view::npos ? std::optional(Canonicalization::simple)
                                                    : canonicalization_of(tag->value.substr(slash + 1));
  if (!header || !body)
    return set_fault(signature, {"tag_invalid", "c", tag->value, "canonicalization_unknown"});
  signature.header_canonicalization = *header;
  signature.body_canonicalization = *body;
}

// Digits alone; a number too large for 64 bits is the largest one.
std::optional<std::uint64_t> read_number(Signature& signature, std::string_view name) {
  const Tag* tag = signature.tags.find(name);
  if (tag == nullptr) return std::nullopt;
  constexpr auto kLargest = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  for (const char c : tag->value) {
    if (c < '0' || c > '9') {
      set_fault(signature, {"tag_invalid", name, tag->value, "not_a_number"});
      return std::nullopt;
    }
    const auto digit = static_cast<std::uint64_t>(c - '0');
    number = number > (kLargest - digit) / 10 ? kLargest : number * 10 + digit;
  }
  if (!tag->value.empty()) return number;
  set_fault(signature, {"tag_invalid", name, tag->value, "empty"});
  return std::nullopt;
}

void read_times(Signature& signature) {
  signature.signed_at = read_number(signature, "t");
  signature.expires_at = read_number(signature, "x");
  if (signature.signed_at && signature.expires_at && *signature.expires_at <= *signature.signed_at)
    set_fault(signature, {"tag_invalid", "x", signature.tags.find("x")->value, "expires_before_signed"});
}

void read_base64(Signature& signature, std::string_view name, std::string& octets) {
  const Tag* tag = require(signature, name);
  if (tag == nullptr) return;
  auto decoded = decode_base64(tag->value);
  if (!decoded) return set_fault(signature, {"tag_invalid", name, tag->value, "not_base64"});
  if (decoded->empty()) return set_fault(signature, {"tag_invalid", name, tag->value, "empty"});
  octets = std::move(*decoded);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// DKIM-Quoted-Printable (section 2.11): white space is ignored, "=3D" is an octet.
std::optional<std::string> decode_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_fws(text[i])) continue;
    if (text[i] != '=') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

void read_identity(Signature& signature) {
  const Tag* tag = signature.tags.find("i");
  if (tag == nullptr) return;
  auto identity = decode_quoted_printable(tag->value);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; };
  if (!identity || identity->find('@') == std::string::npos ||
      std::any_of(identity->begin(), identity->end(), is_control))
    return set_fault(signature, {"tag_invalid", "i", tag->value, "not_an_identity"});
  signature.identity = std::move(*identity);
}

void read_query_methods(Signature& signature) {
  const Tag* tag = signature.tags.find("q");
  if (tag == nullptr) return;
  const auto methods = split_colons(tag->value);
  if (std::find(methods.begin(), methods.end(), "dns/txt") == methods.end())
    set_fault(signature, {"tag_invalid", "q", tag->value, "query_method_unknown"});
}

bool signs(const Signature& signature, std::string_view name) {
  return std::any_of(signature.signed_headers.begin(), signature.signed_headers.end(),
                     [&](std::string_view header) { return equals_without_case(header, name); });
}

void read_signed_headers(Signature& signature, SignatureKind kind) {
  const Tag* tag = require(signature, "h");
  if (tag == nullptr) return;
  signature.signed_headers = split_colons(tag->value);
  if (kind == SignatureKind::dkim && !signs(signature, "from"))
    set_fault(signature, {"from_not_signed", "h", tag->value});
  // RFC 8617 section 4.1.2: seals come later and sign this field, never the other way.
  if (kind == SignatureKind::arc_message && signs(signature, "arc-seal"))
    set_fault(signature, {"tag_invalid", "h", tag->value, "signs_a_seal"});
}

// What a message signature has and a seal has not.
void read_coverage(Signature& signature, SignatureKind kind) {
  if (kind == SignatureKind::arc_message) {
    // ARC sealers that leave c= out mean relaxed; the public test suite counts on it.
    signature.header_canonicalization = Canonicalization::relaxed;
    signature.body_canonicalization = Canonicalization::relaxed;
  }
  read_canonicalization(signature);
  read_signed_headers(signature, kind);
  read_base64(signature, "bh", signature.body_hash);
  signature.length = read_number(signature, "l");
}

void read_version(Signature& signature) {
  const Tag* tag = require(signature, "v");
  if (tag != nullptr && tag->value != "1") set_fault(signature, {"version_unknown", "v", tag->value});
}

void read_name(Signature& signature, std::string_view name, std::string_view& value) {
  if (const Tag* tag = require(signature, name)) value = tag->value;
}

}  // namespace

KeyType key_type_of(std::string_view word) {
  return word == "rsa" ? KeyType::rsa : word == "ed25519" ? KeyType::ed25519 : KeyType::unknown;
}

std::string_view to_string(Hash hash) {
  return hash == Hash::sha256 ? "sha256" : hash == Hash::sha1 ? "sha1" : "unknown";
}

std::vector<std::string_view> split_colons(std::string_view text) {
  std::vector<std::string_view> words;
  if (trim_fws(text).empty()) return words;
  words.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), ':')) + 1);
  while (true) {
    const auto colon = text.find(':');
    words.push_back(trim_fws(text.substr(0, colon)));
    if (colon == std::string_view::npos) return words;
    text.remove_prefix(colon + 1);
  }
}

Signature parse_signature(std::string_view value, SignatureKind kind) {
  Signature signature;
  signature.tags = parse_tag_list(value);
  signature.fault = signature.tags.fault;
  if (kind == SignatureKind::dkim) read_version(signature);
  read_algorithm(signature);
  read_base64(signature, "b", signature.signature);
  read_name(signature, "d", signature.domain);
  read_name(signature, "s", signature.selector);
  read_times(signature);
  read_query_methods(signature);
  if (kind == SignatureKind::dkim) read_identity(signature);
  if (kind != SignatureKind::arc_seal) {
    read_coverage(signature, kind);
  } else {
    signature.header_canonicalization = Canonicalization::relaxed;
    if (const Tag* tag = signature.tags.find("h"))
      set_fault(signature, {"tag_invalid", "h", tag->value, "not_in_a_seal"});
  }
  return signature;
}

std::vector<CopiedField> copied_fields(const Signature& signature) {
  std::vector<CopiedField> fields;
  const Tag* tag = signature.tags.find("z");
  std::string_view rest = tag == nullptr ? std::string_view{} : tag->value;
  while (!rest.empty()) {
    const auto bar = std::min(rest.find('|'), rest.size());
    const std::string_view copy = rest.substr(0, bar);
    rest.remove_prefix(std::min(bar + 1, rest.size()));
    const auto colon = copy.find(':');
    if (colon == std::string_view::npos) return {};
    auto value = decode_quoted_printable(copy.substr(colon + 1));
    if (!value) return {};
    fields.push_back({std::string(trim_fws(copy.substr(0, colon))), std::move(*value)});
  }
  return fields;
}

void append_own_field(std::string& out, const message::Field& field, const Signature& signature) {
  std::string raw(field.raw);
  if (const Tag* tag = signature.tags.find("b")) {
    const auto begin = static_cast<std::size_t>(tag->raw.data() - field.raw.data());
    raw.erase(begin, tag->raw.size());
  }
  append_canonical_field(out, raw, signature.header_canonicalization);
  out.resize(out.size() - 2);
}

}  // namespace mailassay::dkim
