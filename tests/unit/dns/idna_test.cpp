#include "dns/idna.h"

#include <gtest/gtest.h>

namespace mailassay::dns {
namespace {

TEST(Idna, AsciiIsOnlyLowerCased) {
  EXPECT_EQ(to_a_labels("_DMARC.Example.COM."), "_dmarc.example.com");
  EXPECT_EQ(to_a_labels("odd name!(.example"), "odd name!(.example");
  EXPECT_EQ(to_a_labels("-a--b-.example"), "-a--b-.example");
  EXPECT_EQ(to_a_labels(""), "");
  EXPECT_EQ(to_a_labels("a.example.."), "a.example..");  // stays as wrong as it was
}

TEST(Idna, ULabelsBecomeALabels) {
  EXPECT_EQ(to_a_labels("bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(to_a_labels("_dmarc.BÜCHER.example"), "_dmarc.xn--bcher-kva.example");
  EXPECT_EQ(to_a_labels("한국.kr"), "xn--3e0b707e.kr");
  EXPECT_EQ(to_a_labels("faß.de"), "xn--fa-hia.de");  // IDNA2008, not the transitional fass.de
}

TEST(Idna, WhatIdnaForbidsIsNothing) {
  EXPECT_EQ(to_a_labels("b\xfc"
                        "cher.example"),
            std::nullopt);  // Latin-1
  EXPECT_EQ(to_a_labels("\xcc\x81mark-first.example"), std::nullopt);
  EXPECT_EQ(to_a_labels(std::string("b\xc3\xbc\0x.example", 13)), std::nullopt);
}

TEST(Idna, ULabelsForPeople) {
  EXPECT_EQ(to_u_labels("xn--bcher-kva.example"), "bücher.example");
  EXPECT_EQ(to_u_labels("XN--3E0B707E.kr"), "한국.kr");
  EXPECT_EQ(to_u_labels("plain.example"), "plain.example");
  EXPECT_EQ(to_u_labels("xn--\xff.example"), "xn--\xff.example");
}

}  // namespace
}  // namespace mailassay::dns
