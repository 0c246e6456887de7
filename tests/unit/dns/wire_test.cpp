// DNS messages that servers send, as octets.
#include "dns/wire.h"

#include <initializer_list>

#include <gtest/gtest.h>

namespace mailassay::dns {
namespace {

using Octets = std::vector<std::uint8_t>;

const Octets kA{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1};
const Octets kOpt{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};
// Of no meaning, since its fields are all zero.
const Octets kTsig{0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

// The answer to "a.example A", with these additional records.
Octets answer(std::initializer_list<Octets> additional) {
  Octets wire{0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, static_cast<std::uint8_t>(additional.size())};
  for (const char c : std::string_view("\1a\7example\0\0\1\0\1", 15))
    wire.push_back(static_cast<std::uint8_t>(c));
  wire.insert(wire.end(), kA.begin(), kA.end());
  for (const auto& record : additional) wire.insert(wire.end(), record.begin(), record.end());
  return wire;
}

TEST(Wire, OneOptAndOneTsigMayStand) {
  for (const auto& wire : {answer({}), answer({kOpt}), answer({kOpt, kTsig})}) {
    EXPECT_FALSE(repeats_pseudo_record(wire));
    const auto response = read_response(wire, "a.example", Type::A);
    ASSERT_TRUE(response);
    ASSERT_EQ(response->records.size(), 1U);
    EXPECT_EQ(response->records.front().to_string(), "192.0.2.1");
  }
}

// The address sanitizer sees what is lost otherwise.
TEST(Wire, ASecondOptOrTsigIsMalformed) {
  for (const auto& wire : {answer({kOpt, kOpt}), answer({kTsig, kTsig}), answer({kTsig, kA, kTsig})})
    EXPECT_FALSE(read_response(wire, "a.example", Type::A));
}

TEST(Wire, AMessageIsCutAnywhere) {
  auto wire = answer({kOpt, kTsig});
  for (; !wire.empty(); wire.pop_back()) EXPECT_FALSE(repeats_pseudo_record(wire));
}

}  // namespace
}  // namespace mailassay::dns
