// A tag-list (RFC 6376 section 3.2): "v=1; a=rsa-sha256; …", in signatures, key records and ARC fields.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace mailassay::dkim {

// Why a field or record cannot be used. Views lie in the parsed text; cause and why are literals.
struct Fault {
  std::string_view cause;  // stable code: tag_missing, tag_duplicate, tag_invalid, …
  std::string_view tag;    // the tag at fault, empty if none
  std::string_view text;   // what stands there
  std::string_view why{};  // a finer code, may be empty
};

struct Tag {
  std::string_view name;   // case counts
  std::string_view value;  // without white space around it
  std::string_view raw;    // all between "=" and ";" (what emptying b= deletes, section 3.7)
};

struct TagList {
  std::vector<Tag> tags;       // what could be read, also beside a fault
  std::optional<Fault> fault;  // the first one: tag_invalid or tag_duplicate

  // The first tag of that name, or null.
  const Tag* find(std::string_view name) const;
};

// The views in the result lie in `text`.
TagList parse_tag_list(std::string_view text);

// FWS of section 2.8; folds are taken as white space wherever they stand.
bool is_fws(char c);
std::string_view trim_fws(std::string_view text);

}  // namespace mailassay::dkim
