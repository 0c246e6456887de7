// The web files, embedded in the binary: the page, its scripts, and the catalogue of words that the command
// line uses too.
#pragma once

#include <span>
#include <string_view>

namespace mailassay::assets {

struct Asset {
  std::string_view path;     // below web/: "index.html", "i18n/en.json"
  std::string_view type;     // media type
  std::string_view etag;     // with its quotes (RFC 9110 section 8.8.3); changes whenever the octets do
  std::string_view content;  // lives as long as the program
};

// Sorted by path.
std::span<const Asset> all();
// The file at `path` ("i18n/en.json", no leading slash), or null.
const Asset* find(std::string_view path);

}  // namespace mailassay::assets
