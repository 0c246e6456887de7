#include "evaluation/dmarc/record.h"

#include <gtest/gtest.h>

namespace mailassay::dmarc {
namespace {

std::vector<std::string> causes(std::string_view text) {
  std::vector<std::string> list;
  const auto record = parse_record(text);
  for (const auto& fault : record->faults) list.push_back(fault.tag + ":" + fault.cause);
  return list;
}

using Strings = std::vector<std::string>;

TEST(Record, IsOneWhoseFirstTagIsTheVersion) {
  for (const char* text : {"v=DMARC1", "v=DMARC1;", "v = DMARC1 ; p=none", "V=DMARC1;p=none", "v\t=\tDMARC1"})
    EXPECT_TRUE(parse_record(text)) << text;
  for (const char* text : {"", "v", "v=", "v=dmarc1; p=none", "v=DMARC1 p=none", "v=DMARC10", " v=DMARC1",
                           ";v=DMARC1", "p=none; v=DMARC1", "vv=DMARC1", "v=DMARC1,p=none", "\"v=DMARC1\""})
    EXPECT_FALSE(parse_record(text)) << text;
}

TEST(Record, ReadsEveryTag) {
  const auto record = parse_record(
      "v=DMARC1; P = Reject ;sp=quarantine;np=NONE; adkim=s; aspf=S; t=y; psd=n; fo=1:d:s;"
      "rua=mailto:a@example.com!10m, https://x.example/r ;ruf=mailto:f@example.com");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->p, Policy::reject);
  EXPECT_EQ(record->sp, Policy::quarantine);
  EXPECT_EQ(record->np, Policy::none);
  EXPECT_TRUE(record->strict_dkim);
  EXPECT_TRUE(record->strict_spf);
  EXPECT_TRUE(record->testing);
  EXPECT_EQ(record->psd, Psd::n);
  EXPECT_EQ(record->fo, "1:d:s");
  EXPECT_EQ(record->rua, (Strings{"mailto:a@example.com", "https://x.example/r"}));
  EXPECT_EQ(record->ruf, Strings{"mailto:f@example.com"});
}

TEST(Record, DefaultsWhereTagsAreAbsent) {
  const auto record = parse_record("v=DMARC1");
  EXPECT_FALSE(record->p || record->sp || record->np);
  EXPECT_FALSE(record->strict_dkim || record->strict_spf || record->testing);
  EXPECT_EQ(record->psd, Psd::u);
  EXPECT_EQ(record->pct, 100);
  EXPECT_EQ(record->fo, "0");
  EXPECT_TRUE(record->faults.empty());
}

TEST(Record, TellsWhatReceiversDiscard) {
  EXPECT_EQ(causes("v=DMARC1; p=block"), Strings{"p:bad_value"});
  EXPECT_EQ(causes("v=DMARC1; p="), Strings{"p:bad_value"});
  EXPECT_EQ(causes("v=DMARC1; p=none; adkim=x; aspf=rs; t=1; psd=q"),
            (Strings{"adkim:bad_value", "aspf:bad_value", "t:bad_value", "psd:bad_value"}));
  EXPECT_EQ(causes("v=DMARC1; p=none; p=reject"), Strings{"p:duplicate_tag"});
  EXPECT_EQ(causes("v=DMARC1; p=none; v=DMARC1"), Strings{"v:duplicate_tag"});
  EXPECT_EQ(causes("v=DMARC1; p none"), Strings{":malformed_tag"});
  EXPECT_EQ(causes("v=DMARC1; p=none; x1=y"), Strings{":malformed_tag"});
  EXPECT_EQ(causes("v=DMARC1; p=none; zz=y"), Strings{"zz:unknown_tag"});
  EXPECT_EQ(causes("v=DMARC1; p=none; ri=86400; rf=afrf; pct=20"),
            (Strings{"ri:historic_tag", "rf:historic_tag", "pct:historic_tag"}));
  EXPECT_EQ(causes("v=DMARC1; p=none; pct=101; fo=2"), (Strings{"pct:bad_value", "fo:bad_value"}));
  EXPECT_EQ(causes("v=DMARC1; p=none; rua=mailto:a@b.c!9m"), Strings{"rua:size_limit"});
  EXPECT_EQ(causes("v=DMARC1; p=none; rua=a@b.c"), Strings{"rua:bad_uri"});
  EXPECT_EQ(causes("v=DMARC1;; p=none; "), Strings{});
}

TEST(Record, TheFirstOfTwoTagsCounts) {
  EXPECT_EQ(parse_record("v=DMARC1; p=none; p=reject")->p, Policy::none);
}

TEST(Record, NonAsciiValuesAreBad) {
  const auto record = parse_record("v=DMARC1; p=reject\xC2\xA0");
  EXPECT_FALSE(record->p);
  EXPECT_EQ(causes("v=DMARC1; p=reject\xC2\xA0"), Strings{"p:bad_value"});
}

TEST(Record, UrisMustBeUris) {
  const auto uris = [](const std::string& text) { return parse_record("v=DMARC1; rua=" + text)->rua; };
  EXPECT_EQ(uris("mailto:a@b.c,mailto:d@e.f"), (Strings{"mailto:a@b.c", "mailto:d@e.f"}));
  for (const char* text :
       {"mailto:", "mailto:a", "mailto:@b.c", "mailto:a@", ":a@b.c", "1x:a", "mailto:a@b.c!x",
        "mailto:a!b@c.d", "mailto:a b@c.d", "<mailto:a@b.c>", ",", "mailto:a@b.c!"})
    EXPECT_EQ(uris(text), Strings{}) << text;
}

TEST(Record, HostsOfUris) {
  EXPECT_EQ(host_of_uri("mailto:a@Example.com?subject=x"), "example.com");
  EXPECT_EQ(host_of_uri("https://u@Example.com:8443/x"), "example.com");
  EXPECT_EQ(host_of_uri("urn:x"), "");
}

TEST(Policy, IsLoweredByOneLevel) {
  EXPECT_EQ(lower(Policy::reject), Policy::quarantine);
  EXPECT_EQ(lower(Policy::quarantine), Policy::none);
  EXPECT_EQ(lower(Policy::none), Policy::none);
}

}  // namespace
}  // namespace mailassay::dmarc
