#include "net/ip_address.h"

#include <gtest/gtest.h>

namespace mailassay::net {
namespace {

IpAddress ip(std::string_view text) {
  return IpAddress::parse(text).value();
}

TEST(IpAddress, ReadsWhatItWritesAndNothingElse) {
  for (const auto text : {"192.0.2.1", "0.0.0.0", "2001:db8::1", "::1", "fe80::1"})
    EXPECT_EQ(ip(text).to_string(), text);
  for (const auto text :
       {"", "192.0.2", "192.0.2.256", "192.0.2.1/24", "[::1]", "::1%lo", "1.2.3.4 ", "host"})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  EXPECT_FALSE(IpAddress::parse(std::string_view("192.0.2.1\0x", 11)));
}

TEST(IpAddress, MappedAddressIsIpv4) {
  EXPECT_TRUE(ip("::ffff:192.0.2.1").is_v4());
  EXPECT_EQ(ip("::ffff:192.0.2.1"), ip("192.0.2.1"));
}

TEST(IpAddress, MatchesNetworksOfItsFamilyAlone) {
  EXPECT_TRUE(ip("192.0.2.130").in_network(ip("192.0.2.128"), 25));
  EXPECT_FALSE(ip("192.0.2.127").in_network(ip("192.0.2.128"), 25));
  EXPECT_TRUE(ip("192.0.2.1").in_network(ip("0.0.0.0"), 0));
  EXPECT_FALSE(ip("192.0.2.1").in_network(ip("::"), 0));
  EXPECT_FALSE(ip("192.0.2.1").in_network(ip("192.0.2.1"), 33));
  EXPECT_TRUE(ip("2001:db8:1::1").in_network(ip("2001:db8::"), 32));
}

TEST(IpAddress, NamesItsReverseZone) {
  EXPECT_EQ(ip("192.0.2.1").reverse_name(), "1.2.0.192.in-addr.arpa");
  EXPECT_EQ(ip("2001:db8::cb01").reverse_name(),
            "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST(IpAddress, KnowsAddressesOutsideTheInternet) {
  EXPECT_EQ(ip("127.0.0.5").special_purpose(), "loopback");
  EXPECT_EQ(ip("10.1.2.3").special_purpose(), "private");
  EXPECT_EQ(ip("fd00::1").special_purpose(), "private");
  EXPECT_EQ(ip("8.8.8.8").special_purpose(), "");
  EXPECT_EQ(ip("2a00:1450::1").special_purpose(), "");
}

}  // namespace
}  // namespace mailassay::net
