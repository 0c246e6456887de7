#include "http/mask_text.h"

#include <rapidcheck.h>

#include <gtest/gtest.h>

namespace mailassay::http {
namespace {

using Case = std::pair<std::string, std::string>;

TEST(MaskLocalParts, WhateverTheLocalPartLooksLike) {
  const Case cases[] = {
      {"bounce@example.com", "***@example.com"},
      {"a <x.y+z=1@example.com>, <b@[192.0.2.1]>", "a <***@example.com>, <***@[192.0.2.1]>"},
      {R"(From: "a b"@example.com)", "From: ***@example.com"},
      {R"("a\"b@c"@example.com)", "***@example.com"},
      {R"(<"john doe".smith@example.com>)", "<***@example.com>"},
      {R"(<john."q d"@example.com>)", "<***@example.com>"},
      {R"(smtp.mailfrom="\"a b\"@example.com")", R"(smtp.mailfrom="***@example.com")"},
      {R"(unopened "a b"c"@example.com)", "unopened \"a b***@example.com"},
      {R"(never opened"@example.com)", "***@example.com"},
      {"우편@example.com", "***@example.com"},
      {"bücher@bücher.example", "***@bücher.example"},
      {"ada @ example.com", "***@ example.com"},
      {"ada (home) @example.com", "***@example.com"},
      {"<@relay.example,@b.example:ada@example.com>", "<@relay.example,@b.example:***@example.com>"},
      {"a@b@example.com", "***@***@example.com"},
      {"ada@", "***@"},
      {"rua=mailto:dmarc@example.com", "rua=mailto:***@example.com"},
      {"https://l.example/?u=ada%40example.com", "https:***%40example.com"},
      {"smtp.mailfrom=ada@example.com; header.i=@example.com",
       "smtp.mailfrom=***@example.com; header.i=@example.com"},
      {"prvs=0123=ada@example.com", "***@example.com"},
      {"MAIL FROM:<ada@example.com> AUTH=bob@example.com",
       "MAIL FROM:<***@example.com> AUTH=***@example.com"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(mask_local_parts(text), masked) << text;
}

TEST(MaskLocalParts, WhatIsNoAddressStays) {
  for (const std::string text : {"@example.com", "d=example.com; i=@example.com", "%{l}@%{o}", "a: b",
                                 "50%40", "", "@", "\"\"", "12:34:56"})
    EXPECT_EQ(mask_local_parts(text), text);
}

TEST(MaskAddresses, AsAdviceMasksThem) {
  const Case cases[] = {
      {"192.0.2.1", "192.0.2.x"},
      {"[192.0.2.1]:25", "[192.0.2.x]:25"},
      {"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8:1:2::/64 -all",
       "v=spf1 ip4:192.0.2.x/24 ip6:2001:db8:1:x/64 -all"},
      {"from 192.0.2.1.", "from 192.0.2.x."},
      {"2001:DB8::1", "2001:db8:0:x"},
      {"[IPv6:2001:db8::1]", "[IPv6:2001:db8:0:x]"},
      {"[IPv6:::1]", "[IPv6:0:0:0:x]"},
      {"::ffff:192.0.2.1", "192.0.2.x"},
      {"::ffff:c000:201", "192.0.2.x"},
      {"2001:db8:1:2:3:4:5:6.", "2001:db8:1:x."},
      {"fe80::1%eth0", "fe80:0:0:x%eth0"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(mask_addresses(text), masked) << text;
}

TEST(MaskAddresses, InNames) {
  const Case cases[] = {
      {"1.2.0.192.in-addr.arpa", "x.in-addr.arpa"},
      {"1.0/25.2.0.192.IN-ADDR.ARPA.", "x.IN-ADDR.ARPA."},
      {"PTR 1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", "PTR x.ip6.arpa"},
      {"in-addr.arpa", "in-addr.arpa"},
      {"ec2-192-0-2-1.compute.example", "ec2-x.compute.example"},
      {"ip192-0-2-1.example", "ipx.example"},
      {"host_192_0_2_1.example", "host_x.example"},
      {"1.2.0.192.list.example", "x.list.example"},
      {"a.192.0.2.1", "a.x"},
      {"192.000.002.001", "x"},
      {"2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.spf.example", "x.spf.example"},
  };
  for (const auto& [text, masked] : cases) EXPECT_EQ(mask_addresses(text), masked) << text;
}

TEST(MaskAddresses, WhatIsNoAddressStays) {
  for (const std::string text :
       {"12:34:56", "2026-11-24T02:00:00.123456Z", "Tue, 24 Nov 2026 02:00:00 +0000", "2.1.5", "std::string",
        "9989 4.10.1", "a:b", "1.2.3.256", "00:11:22:33:44:55", "", ":", "::", "v=spf1 ip6:::/0",
        "2026-11-24-1", "20261124 10.2", "cosnSE7/DCnPmn9E2ptUN3kSZ6OFMYnt7hsMFK6ASOE="})
    EXPECT_EQ(mask_addresses(text), text);
}

TEST(ReplaceEach, WholeWordsOnly) {
  EXPECT_EQ(replace_each("Ada.lists ada-x adam", "ada", "***", Where::whole_words), "***.lists ***-x adam");
  EXPECT_EQ(replace_each("aaa", "aa", "b"), "ba");
  EXPECT_EQ(replace_each("abc", "", "b"), "abc");
}

// Whatever stands around them.
TEST(Masks, FindTheirOwnInAnySurroundings) {
  EXPECT_TRUE(rc::check([] {
    const auto text = [] {
      return *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a1.:@\"\\()-% 0f\xc3")));
    };
    const auto before = text(), after = text();
    RC_ASSERT(mask_local_parts(before + " sec7et@b.example " + after).find("sec7et") == std::string::npos);
    for (const std::string ip : {"192.0.2.77", "2001:db8::77", "[::ffff:192.0.2.77]"})
      RC_ASSERT(mask_addresses(before + " " + ip + " " + after).find("77") == std::string::npos);
  }));
}

TEST(Masks, EndInTimeOnLongHostileText) {
  for (const std::string part :
       {"@", "a@", "\"@", ")@", "(@)", "1:", "1.", "1-", "f::", "\\\"@", " @ ", "a.1."}) {
    std::string text;
    while (text.size() < 100'000) text += part;
    const auto start = std::chrono::steady_clock::now();
    mask_addresses(mask_local_parts(text));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << part;
  }
}

}  // namespace
}  // namespace mailassay::http
