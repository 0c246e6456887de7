// Reverse-paths and forward-paths (RFC 5321 section 4.1.2) as a tolerant receiver reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mailassay::smtp {

struct Path {
  std::string mailbox;       // without angle brackets and source route; empty is the null path
  std::string source_route;  // "@a,@b", obsolete (RFC 5321 appendix C): accepted, told, not followed
  bool bracketed = true;     // "<" and ">" stood around it
};

struct PathAndRest {
  Path path;
  std::string_view rest;  // what follows the path, starting at its white space
};

// Reads a path at the start of `text` (the argument after "FROM:" or "TO:"), white space before it allowed.
// The mailbox may be anything: whoever judges it says what is wrong with it. Nothing if there is no path or
// its "<" is never closed; `fault` then says so in words.
std::optional<PathAndRest> read_path(std::string_view text, std::string* fault);

// A command line without the local parts of its addresses: "RCPT TO:<…@example.com>".
std::string mask_local_parts(std::string_view line);

}  // namespace mailassay::smtp
