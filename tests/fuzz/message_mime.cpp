// Any octets as a mail to read: the text stays within its bound and the walk ends.
#include "message/mime.h"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const mailassay::message::Message mail(std::string(reinterpret_cast<const char*>(data), size));
  const auto reading = mailassay::message::decoded_text(mail);
  if (reading.text.size() > 1 << 20 || reading.links.size() > 200) std::abort();
  return 0;
}
