#include "dns/wire.h"

namespace mailassay::dns {
namespace {

constexpr std::uint16_t kEdnsSize = 1232;  // fits every path's MTU, as the DNS flag day of 2020 settled
constexpr std::uint8_t kOpt = 41;

void append16(std::vector<std::uint8_t>& message, std::uint16_t value) {
  message.push_back(static_cast<std::uint8_t>(value >> 8));
  message.push_back(static_cast<std::uint8_t>(value & 0xff));
}

}  // namespace

std::vector<std::uint8_t> make_query(std::uint16_t id, std::span<const std::uint8_t> wire_name, Type type,
                                     bool edns, Recursion recursion) {
  constexpr std::uint16_t kRecursionDesired = 0x0100;
  constexpr std::uint16_t kAuthenticData = 0x0020;  // in a query: tell me (RFC 6840 section 5.7)
  constexpr std::uint16_t kInternet = 1;
  std::vector<std::uint8_t> message;
  message.reserve(12 + wire_name.size() + 4 + 11);
  append16(message, id);
  append16(message, recursion == Recursion::desired ? kRecursionDesired | kAuthenticData : kAuthenticData);
  append16(message, 1);  // questions
  append16(message, 0);
  append16(message, 0);
  append16(message, edns ? 1 : 0);  // additional records
  message.insert(message.end(), wire_name.begin(), wire_name.end());
  append16(message, static_cast<std::uint16_t>(type));
  append16(message, kInternet);
  if (!edns) return message;
  message.push_back(0);  // the root owns OPT
  append16(message, kOpt);
  append16(message, kEdnsSize);
  append16(message, 0);  // extended RCODE, version
  append16(message, 0);  // flags
  append16(message, 0);  // no options
  return message;
}

}  // namespace mailassay::dns
