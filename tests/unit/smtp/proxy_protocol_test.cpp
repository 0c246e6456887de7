#include "smtp/proxy_protocol.h"

// RapidCheck's header stands on GoogleTest's
// clang-format off
#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
// clang-format on

namespace mailassay::smtp {
namespace {

using namespace std::string_literals;

// Reads as the connection does: exactly what is asked for. How many octets were taken goes to *taken.
std::variant<ProxyHeader, ProxyNeedsMore, ProxyFault> read(std::string_view stream, std::size_t* taken) {
  *taken = 0;
  for (;;) {
    auto parsed = parse_proxy_header(stream.substr(0, *taken));
    const auto* more = std::get_if<ProxyNeedsMore>(&parsed);
    if (more == nullptr || *taken + more->octets > stream.size()) return parsed;
    *taken += more->octets;
  }
}

void expect_addresses(const std::string& header, std::string_view source, std::uint16_t source_port) {
  std::size_t taken = 0;
  const auto parsed = read(header + "EHLO client.test\r\n", &taken);
  ASSERT_TRUE(std::holds_alternative<ProxyHeader>(parsed)) << header;
  EXPECT_EQ(taken, header.size()) << "nothing of SMTP may be taken";
  const auto& addresses = std::get<ProxyHeader>(parsed).addresses;
  ASSERT_TRUE(addresses.has_value());
  EXPECT_EQ(addresses->source.to_string(), source);
  EXPECT_EQ(addresses->source_port, source_port);
}

std::string v2(char command, char family, const std::string& body) {
  return "\r\n\r\n\0\r\nQUIT\n"s + command + family + static_cast<char>(body.size() >> 8) +
         static_cast<char>(body.size() & 0xff) + body;
}

TEST(ProxyProtocol, ReadsVersion1) {
  expect_addresses("PROXY TCP4 192.0.2.1 198.51.100.2 40000 25\r\n", "192.0.2.1", 40000);
  expect_addresses("PROXY TCP4 1.1.1.1 1.1.1.2 1 25\r\n", "1.1.1.1", 1);
  expect_addresses("PROXY TCP6 2001:db8::1 2001:db8::2 40000 25\r\n", "2001:db8::1", 40000);
}

TEST(ProxyProtocol, ReadsVersion2AndSkipsWhatFollowsTheAddresses) {
  const std::string v4_body = "\xc0\x00\x02\x01\xc6\x33\x64\x02\x9c\x40\x00\x19"s;
  expect_addresses(v2('\x21', '\x11', v4_body), "192.0.2.1", 40000);
  expect_addresses(v2('\x21', '\x11', v4_body + "\x04\x00\x01\x00"s), "192.0.2.1", 40000);
  const std::string v6 = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01";
  expect_addresses(v2('\x21', '\x21', v6 + v6 + "\x9c\x40\x00\x19"s), "2001:db8::1", 40000);
}

TEST(ProxyProtocol, ABalancersOwnCheckHasNoAddresses) {
  std::size_t taken = 0;
  for (const auto& header :
       {"PROXY UNKNOWN\r\n"s, "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"s, v2('\x20', '\0', "")}) {
    const auto parsed = read(header + "QUIT", &taken);
    ASSERT_TRUE(std::holds_alternative<ProxyHeader>(parsed)) << header;
    EXPECT_FALSE(std::get<ProxyHeader>(parsed).addresses.has_value());
    EXPECT_EQ(taken, header.size());
  }
}

TEST(ProxyProtocol, SaysWhatIsWrong) {
  std::size_t taken = 0;
  for (const auto& header :
       {"EHLO client.test\r\n"s, "PROXY TCP4 192.0.2.1 198.51.100.2 40000\r\n"s, "PROXY TCP5 a b 1 2\r\n"s,
        "PROXY TCP4 192.0.2.300 198.51.100.2 40000 25\r\n"s,
        "PROXY TCP4 192.0.2.1 198.51.100.2 70000 25\r\n"s, "PROXY TCP4 " + std::string(120, 'x'),
        v2('\x31', '\x11', std::string(12, '\0')), v2('\x21', '\x11', std::string(11, '\0'))}) {
    EXPECT_TRUE(std::holds_alternative<ProxyFault>(read(header, &taken))) << header;
  }
}

RC_GTEST_PROP(ProxyProtocol, NeverTakesMoreThanAHeaderMayHave, (const std::string& noise)) {
  std::size_t taken = 0;
  read("PROXY " + noise, &taken);
  RC_ASSERT(taken <= 108U);
}

}  // namespace
}  // namespace mailassay::smtp
