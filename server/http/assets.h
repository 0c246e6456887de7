// The web files, embedded in the binary: the page, its scripts, and the catalogue of words that the command
// line uses too.
#pragma once

#include <span>
#include <string_view>
#include <vector>

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

// The languages that there is a catalogue of words for (i18n/TAG.json): "en" first, then sorted. A file more
// is a language more.
std::vector<std::string_view> languages();
// That of our languages which `wanted` names as its primary subtag ("ko-KR", "ko_KR.UTF-8" → "ko"); empty if
// none.
std::string_view language_of(std::string_view wanted);

}  // namespace mailassay::assets
