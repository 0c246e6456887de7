// Any text as header text with encoded words: without any it is only unfolded, valid UTF-8 stays valid.
#include "fuzz/require.h"
#include "message/encoded_word.h"
#include "message/parameters.h"
#include "trace/json.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  using fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool valid = trace::valid_utf8(text) == text;
  const auto line = message::unfold(text);
  require(line.find_first_of("\r\n") == std::string::npos && message::unfold(line) == line);
  const auto decoded = message::decode_encoded_words(text);
  if (line.find("=?") == std::string::npos) require(decoded == line);
  if (valid) require(trace::valid_utf8(decoded) == decoded);
  const auto value = message::parse_parameters(text);
  for (const auto& parameter : value.params) value.parameter(parameter.first);
  return 0;
}
