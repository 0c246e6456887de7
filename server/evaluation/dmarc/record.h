// A DMARC policy record (RFC 9989 section 4.8; RFC 7489 section 6.4 reads the same text). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::dmarc {

enum class Policy : std::uint8_t { none, quarantine, reject };
std::string_view to_string(Policy policy);
// One level lower, as t=y asks (RFC 9989 section 4.7).
Policy lower(Policy policy);

enum class Psd : std::uint8_t { u, y, n };

struct Tag {
  std::string name;   // as written
  std::string value;  // without white space around it
};

// Something that the record's owner meant and receivers discard.
struct Fault {
  std::string tag;    // the tag's name, empty if it has none
  std::string value;  // as written
  std::string
      cause;  // bad_value, duplicate_tag, malformed_tag, bad_uri, historic_tag, unknown_tag, size_limit
};

struct Record {
  std::string text;       // as published
  std::vector<Tag> tags;  // all, in order
  std::optional<Policy> p;
  std::optional<Policy> sp;
  std::optional<Policy> np;
  bool bad_sp = false;  // the tag is there with a value that is no policy
  bool bad_np = false;
  bool strict_dkim = false;
  bool strict_spf = false;
  bool testing = false;  // t=y
  Psd psd = Psd::u;
  int pct = 100;  // RFC 7489 section 6.3; historic in RFC 9989
  std::string fo = "0";
  std::vector<std::string> rua;  // syntactically valid URIs, without a size limit
  std::vector<std::string> ruf;
  std::vector<Fault> faults;
};

// Nothing if the text is not a DMARC record: its first tag is not v, or v is not exactly "DMARC1" (section
// 4.7).
std::optional<Record> parse_record(std::string_view text);

// The host that a report URI leads to ("mailto:a@example.com" → "example.com"), lower-case; empty if none.
std::string host_of_uri(std::string_view uri);

}  // namespace mailassay::dmarc
