// Any text as a tag-list: what is read lies in the text.
#include "evaluation/dkim/tag_list.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& tag : mailassay::dkim::parse_tag_list(text).tags)
    if (tag.raw.data() < text.data() || tag.raw.data() + tag.raw.size() > text.data() + size) std::abort();
  return 0;
}
