// Any octets after DATA, in any pieces: the same mail as in one piece; and a mail of whole lines,
// dot-stuffed, comes back as it was.
#include "fuzz/require.h"
#include "smtp/data_decoder.h"

#include <cstdint>

using namespace mailassay::smtp;
using mailassay::fuzz::require;

namespace {

struct Received {
  Content content{1 << 20};
  bool done = false;
  std::size_t taken = 0;
};

Received receive(std::string_view octets, std::size_t piece) {
  Received received;
  DataDecoder decoder;
  while (received.taken < octets.size() && !decoder.done())
    received.taken += decoder.decode(octets.substr(received.taken, piece), received.content);
  received.done = decoder.done();
  return received;
}

void require_same(const Received& a, const Received& b) {
  require(a.done == b.done && a.taken == b.taken);
  require(a.content.octets() == b.content.octets() && a.content.lines() == b.content.lines());
  require(a.content.fault() == b.content.fault() && a.content.fault_line() == b.content.fault_line());
}

// Each line gets a dot more in front of its own (RFC 5321 section 4.5.2).
std::string stuffed(std::string_view mail) {
  std::string wire;
  for (std::size_t at = 0; at < mail.size();) {
    const auto end = std::min(mail.find("\r\n", at), mail.size());
    if (mail[at] == '.') wire += '.';
    wire.append(mail.substr(at, end - at)).append("\r\n");
    at = end + 2;
  }
  return wire + ".\r\n";
}

Received receive_chunk(std::string_view octets, std::size_t piece) {
  Received received;
  ChunkDecoder decoder;
  decoder.start(octets.size());
  while (!decoder.done())
    received.taken += decoder.decode(octets.substr(received.taken, piece), received.content);
  decoder.finish(received.content);
  received.done = true;
  return received;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = data[0] + 1U;
  require_same(receive(octets, piece), receive(octets, octets.size()));
  require_same(receive_chunk(octets, piece), receive_chunk(octets, octets.size()));

  std::string mail;
  for (const char c : octets) {
    if (c == '\n') mail += '\r';
    if (c != '\r') mail += c;
  }
  if (!mail.empty() && !mail.ends_with("\r\n")) mail += "\r\n";
  const auto back = receive(stuffed(mail), piece);
  require(back.done && back.content.octets() == mail && back.content.fault() == LineFault::none);
  return 0;
}
