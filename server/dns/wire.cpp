#include "dns/wire.h"

namespace mailassay::dns {
namespace {

constexpr std::uint16_t kEdnsSize = 1232;  // fits every path's MTU, as the DNS flag day of 2020 settled
constexpr std::uint8_t kOpt = 41;

void append16(std::vector<std::uint8_t>& message, std::uint16_t value) {
  message.push_back(static_cast<std::uint8_t>(value >> 8));
  message.push_back(static_cast<std::uint8_t>(value & 0xff));
}

// Walks over a message's records; stops where one is cut.
class Walk {
 public:
  explicit Walk(std::span<const std::uint8_t> wire) : wire_(wire) {}

  bool skip_name() {
    while (at_ < wire_.size()) {
      const std::uint8_t length = wire_[at_];
      if (length >= 0xc0) return skip(2);  // a pointer ends a name
      if (length > 63 || !skip(1 + length)) return false;
      if (length == 0) return true;
    }
    return false;
  }
  bool skip(std::size_t octets) {
    if (wire_.size() - at_ < octets) return false;
    at_ += octets;
    return true;
  }
  // The two octets at `place` of the message, 0 beyond its end.
  std::size_t number(std::size_t place) const {
    return place + 1 < wire_.size() ? static_cast<std::size_t>(wire_[place] << 8 | wire_[place + 1]) : 0;
  }
  std::size_t at() const { return at_; }

 private:
  std::span<const std::uint8_t> wire_;
  std::size_t at_ = 0;
};

}  // namespace

bool repeats_pseudo_record(std::span<const std::uint8_t> wire) {
  constexpr std::size_t kTsig = 250;
  Walk walk(wire);
  if (!walk.skip(12)) return false;
  for (std::size_t question = walk.number(4); question > 0; --question)
    if (!walk.skip_name() || !walk.skip(4)) return false;
  int opts = 0;
  int tsigs = 0;
  for (std::size_t left = walk.number(6) + walk.number(8) + walk.number(10); left > 0; --left) {
    if (!walk.skip_name()) break;
    const auto type = walk.number(walk.at());
    opts += type == kOpt ? 1 : 0;
    tsigs += type == kTsig ? 1 : 0;
    if (!walk.skip(8) || !walk.skip(2 + walk.number(walk.at()))) break;
  }
  return opts > 1 || tsigs > 1;
}

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
