#include "http/assets.h"

#include <algorithm>

namespace mailassay::assets {

const Asset* find(std::string_view path) {
  const auto assets = all();
  const auto found = std::ranges::find(assets, path, &Asset::path);
  return found == assets.end() ? nullptr : &*found;
}

std::vector<std::string_view> languages() {
  constexpr std::string_view folder = "i18n/", suffix = ".json";
  std::vector<std::string_view> tags = {"en"};
  for (const auto& asset : all()) {
    if (!asset.path.starts_with(folder) || !asset.path.ends_with(suffix)) continue;
    const auto tag = asset.path.substr(folder.size(), asset.path.size() - folder.size() - suffix.size());
    if (tag != tags.front()) tags.push_back(tag);
  }
  return tags;
}

std::string_view language_of(std::string_view wanted) {
  const auto primary = wanted.substr(0, wanted.find_first_of("-_.@; "));
  for (const auto tag : languages())
    if (tag == primary) return tag;
  return {};
}

}  // namespace mailassay::assets
