// Any octets as a name: its forms lead back to each other, and A-labels are their own A-labels.
#include "dns/idna.h"
#include "dns/name.h"
#include "dns/rdata.h"
#include "fuzz/require.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  using fuzz::require;
  const std::string_view name(reinterpret_cast<const char*>(data), size);
  if (const auto wire = dns::to_wire(name)) {
    const auto text = dns::from_wire(*wire);
    require(text.has_value());
    const auto again = dns::to_wire(*text);
    require(again && *again == *wire);
    const auto written = dns::to_presentation(*text);
    const auto read = dns::read_name({written, false}, "");
    require(read.has_value() && *read == *text);
  }
  if (const auto labels = dns::to_a_labels(name)) {
    require(dns::to_a_labels(*labels) == labels);
    require(dns::lower(*labels) == *labels);
    for (const char c : *labels) require(static_cast<unsigned char>(c) < 0x80);
  }
  dns::to_u_labels(name);
  require(dns::is_subdomain_or_equal(name, name));
  return 0;
}
