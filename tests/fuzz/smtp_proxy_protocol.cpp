// Any octets as a PROXY header, read as the connection reads them: exactly what is asked for.
#include "smtp/proxy_protocol.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay::smtp;
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  for (std::size_t taken = 0;;) {
    const auto parsed = parse_proxy_header(stream.substr(0, taken));
    const auto* more = std::get_if<ProxyNeedsMore>(&parsed);
    if (more == nullptr) return 0;
    if (more->octets == 0) std::abort();  // the connection would wait for ever
    if (more->octets > size - taken) return 0;
    taken += more->octets;
  }
}
