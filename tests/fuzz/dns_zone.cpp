// Any text as a zone file: refused with a line and a reason, or a zone that answers.
#include "dns/zone.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay::dns;
  const auto zone = Zone::parse({reinterpret_cast<const char*>(data), size});
  if (zone.has_error()) {
    if (zone.error().line == 0 || zone.error().message.empty()) std::abort();
    return 0;
  }
  for (const auto* name : {"a", "example.com", "x.y.example.com", "*.example.com"}) {
    for (const Type type : {Type::A, Type::TXT, Type::CNAME}) {
      const Answer answer = (*zone)->answer(name, type);
      if ((answer.status == Status::records) == answer.records.empty()) std::abort();
      for (const auto& record : answer.records) record.to_string();
    }
    (*zone)->delay(name);
  }
  return 0;
}
