// Any line as an SMTP command, and what is shown of it.
#include "smtp/command.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay::smtp;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  parse_command(line);
  mask_local_parts(without_secrets(line));
  return 0;
}
