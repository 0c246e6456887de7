#include "http/assets.h"

#include <algorithm>

namespace mailassay::assets {

const Asset* find(std::string_view path) {
  const auto assets = all();
  const auto found = std::ranges::find(assets, path, &Asset::path);
  return found == assets.end() ? nullptr : &*found;
}

}  // namespace mailassay::assets
