#include "evaluation/local_source.h"

#include "net/own_addresses.h"
#include "support/steps.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

bool is_own(const net::IpAddress& address) {
  for (const auto& own : net::own_addresses())
    if (own == address) return true;
  return false;
}

TEST(LocalSource, NamesWhatTheInternetKnowsNothingOf) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"127.0.0.1", "loopback"},
      {"127.255.255.254", "loopback"},
      {"::1", "loopback"},
      {"10.1.2.3", "private"},
      {"172.31.255.255", "private"},
      {"192.168.0.9", "private"},
      {"fd12:3456::1", "private"},
      {"169.254.1.1", "link-local"},
      {"fe80::1234", "link-local"},
      {"100.64.0.1", "shared"},
      {"0.0.0.0", "unspecified"},
      {"::", "unspecified"},
      {"::ffff:10.1.2.3", "private"},
      {"172.32.0.0", ""},
      {"100.128.0.0", ""},
      {"76.223.180.10", ""},
      {"2606:4700::1111", ""},
      // Examples use them as addresses of the internet.
      {"192.0.2.1", ""},
      {"198.51.100.1", ""},
      {"2001:db8::1", ""},
  };
  for (const auto& [address, word] : cases)
    if (!is_own(ip(address)) || std::string_view(word) == "loopback")
      EXPECT_EQ(local_source(ip(address)), word) << address;
}

// On a host with loopback addresses alone the first word is all there is to tell.
TEST(LocalSource, AnAddressOfThisHostIsItsOwn) {
  EXPECT_FALSE(net::own_addresses().empty());
  for (const auto& address : net::own_addresses()) {
    const bool loopback = address.special_purpose() == "loopback";
    EXPECT_EQ(local_source(address), loopback ? "loopback" : "own") << address.to_string();
  }
}

TEST(LocalSource, IsToldWithItsCures) {
  trace::Recorder recorder;
  tell_local_source(ip("169.254.1.1"), {&recorder, trace::Phase::advice});
  EXPECT_EQ(test::fact(recorder, "advice.local_source", "ip"), "169.254.1.1");
  EXPECT_EQ(test::fact(recorder, "advice.local_source", "why"), "link_local");
  EXPECT_EQ(test::fact(recorder, "advice.local_source", "cures"), "assume_ip,check_ip,send_from_real_server");
}

TEST(LocalSource, SaysNothingOfTheInternet) {
  trace::Recorder recorder;
  tell_local_source(ip("192.0.2.1"), {&recorder, trace::Phase::advice});
  EXPECT_TRUE(recorder.steps().empty());
}

}  // namespace
}  // namespace mailassay::evaluation
