// Any octets as a mail: fields lie in the header, in order, and header and body are the whole.
#include "message/message.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const mailassay::message::Message mail(std::string(reinterpret_cast<const char*>(data), size));
  if (mail.header().size() + mail.body().size() != size) std::abort();
  std::size_t end = 0;
  for (const auto& field : mail.fields()) {
    if (field.offset < end || field.name.empty()) std::abort();
    end = field.offset + field.raw.size();
  }
  if (end > mail.header().size()) std::abort();
  return 0;
}
