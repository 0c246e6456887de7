// Any octets as a DNS answer: refused, or records whose names can be asked for.
#include "dns/name.h"
#include "dns/wire.h"
#include "fuzz/require.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  using dns::Type;
  using fuzz::require;
  constexpr Type kTypes[] = {Type::A, Type::AAAA, Type::MX, Type::TXT, Type::PTR, Type::CNAME, Type::SOA};
  if (size == 0) return 0;
  const Type type = kTypes[data[0] % std::size(kTypes)];
  const auto response = dns::read_response({data + 1, size - 1}, "a.example", type);
  if (!response) return 0;
  require((response->status == dns::Status::records) == !response->records.empty());
  require(response->aliases.size() <= 16);
  for (const auto& record : response->records) {
    require(record.type == type);
    require(record.owner.empty() || dns::to_wire(record.owner));
    require(record.to_string().find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  return 0;
}
