#include "evaluation/dkim/signature.h"

#include "evaluation/dkim/signer.h"

#include <rapidcheck.h>
#include <string>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

const std::string kGood = "v=1; a=rsa-sha256; d=example.com; s=s1; h=From:To; bh=YWJj; b=ZGVm";

// The good one with a tag replaced (or added); without an "=" the tag is taken away.
std::string with(const std::string& tag) {
  const std::string name = tag.substr(0, tag.find('='));
  std::string text = "; " + kGood + ";";
  if (const auto at = text.find("; " + name + "="); at != std::string::npos)
    text.erase(at, text.find(';', at + 1) - at);
  if (tag.find('=') != std::string::npos) text += " " + tag + ";";
  return text.substr(2);
}

std::string fault_of(const std::string& text) {
  const Signature signature = parse_signature(text, SignatureKind::dkim);
  const Signer signer = signer_of(signature);
  return signer.fault ? std::string(signer.fault->cause) + " " + std::string(signer.fault->tag) : "";
}

TEST(Signature, ReadsEveryTag) {
  const std::string text =
      "v=1; a=ed25519-sha256; c=relaxed/simple; d=Example.COM; s=S1; i=us=65r@mail.example.com; q=dns/txt; "
      "h= From : To; l=12; t=100; x=200; bh=YWJj; b=ZG\r\n Vm; z=From:a=40b|Subject:two=20words; unknown=1";
  const Signature signature = parse_signature(text, SignatureKind::dkim);
  ASSERT_FALSE(signature.fault) << signature.fault->cause;
  EXPECT_EQ(signature.key_type, KeyType::ed25519);
  EXPECT_EQ(signature.hash, Hash::sha256);
  EXPECT_EQ(signature.header_canonicalization, Canonicalization::relaxed);
  EXPECT_EQ(signature.body_canonicalization, Canonicalization::simple);
  EXPECT_EQ(signature.signed_headers, (std::vector<std::string_view>{"From", "To"}));
  EXPECT_EQ(signature.identity, "user@mail.example.com");
  EXPECT_EQ(signature.length, 12U);
  EXPECT_EQ(signature.signed_at, 100U);
  EXPECT_EQ(signature.expires_at, 200U);
  EXPECT_EQ(signature.body_hash, "abc");
  EXPECT_EQ(signature.signature, "def");
  const auto copied = copied_fields(signature);
  ASSERT_EQ(copied.size(), 2U);
  EXPECT_EQ(copied[0].value, "a@b");
  EXPECT_EQ(copied[1].name, "Subject");
  EXPECT_EQ(copied[1].value, "two words");
  const Signer signer = signer_of(signature);
  EXPECT_FALSE(signer.fault);
  EXPECT_EQ(signer.domain, "example.com");
  EXPECT_EQ(signer.query_name, "s1._domainkey.example.com");
  EXPECT_EQ(signer.identity_domain, "mail.example.com");
}

TEST(Signature, DefaultsAreSimpleAndTheDomainAsIdentity) {
  const Signature signature = parse_signature(kGood, SignatureKind::dkim);
  EXPECT_EQ(signature.header_canonicalization, Canonicalization::simple);
  EXPECT_EQ(signature.body_canonicalization, Canonicalization::simple);
  EXPECT_EQ(signer_of(signature).identity, "@example.com");
  const std::string relaxed = with("c=relaxed");
  EXPECT_EQ(parse_signature(relaxed, SignatureKind::dkim).body_canonicalization, Canonicalization::simple);
}

class RequiredTag : public testing::TestWithParam<std::string> {};

TEST_P(RequiredTag, MissingIsAFault) {
  EXPECT_EQ(fault_of(with(GetParam())), "tag_missing " + GetParam());
}
INSTANTIATE_TEST_SUITE_P(All, RequiredTag, testing::Values("v", "a", "b", "bh", "d", "h", "s"));

struct Bad {
  std::string tag;
  std::string fault;
};
class BadTag : public testing::TestWithParam<Bad> {};

TEST_P(BadTag, IsAFault) {
  EXPECT_EQ(fault_of(with(GetParam().tag)), GetParam().fault);
}
INSTANTIATE_TEST_SUITE_P(
    All, BadTag,
    testing::Values(Bad{"v=2", "version_unknown v"}, Bad{"v=1.0", "version_unknown v"},
                    Bad{"a=rsa-md5", "algorithm_unknown a"}, Bad{"a=ed25519-sha1", "algorithm_unknown a"},
                    Bad{"a=RSA-SHA256", "algorithm_unknown a"}, Bad{"a=rsa", "algorithm_unknown a"},
                    Bad{"c=nofws", "tag_invalid c"}, Bad{"c=relaxed/", "tag_invalid c"},
                    Bad{"c=Relaxed", "tag_invalid c"}, Bad{"c=relaxed/Simple", "tag_invalid c"},
                    Bad{"c=", "tag_invalid c"}, Bad{"h=To", "from_not_signed h"},
                    Bad{"h=", "from_not_signed h"}, Bad{"h=X-From", "from_not_signed h"},
                    Bad{"l=-1", "tag_invalid l"}, Bad{"l=", "tag_invalid l"}, Bad{"t=1.5", "tag_invalid t"},
                    Bad{"x=never", "tag_invalid x"}, Bad{"q=dns/fancy", "tag_invalid q"},
                    Bad{"bh=!", "tag_invalid bh"}, Bad{"b=", "tag_invalid b"},
                    Bad{"i=example.com", "tag_invalid i"}, Bad{"i==0D=0Aa@example.com", "tag_invalid i"},
                    Bad{"i=a@notexample.com", "identity_mismatch i"}, Bad{"i=a@com", "identity_mismatch i"},
                    Bad{"i=a@", "identity_mismatch i"}, Bad{"d=example.com\"x", "domain_invalid d"},
                    Bad{"d=exa(mple).com", "domain_invalid d"}, Bad{"d=example..com", "domain_invalid d"},
                    Bad{"d=com", "domain_invalid d"}, Bad{"d=", "domain_invalid d"},
                    Bad{"d=-a.example", "domain_invalid d"}, Bad{"d=a\\.b.example", "domain_invalid d"},
                    Bad{"s=", "domain_invalid s"}, Bad{"s=a(b)", "domain_invalid s"},
                    Bad{"d=\xff.example", "domain_invalid d"}));

TEST(Signature, ExpiryMustExceedTheTimestamp) {
  EXPECT_EQ(fault_of(kGood + "; t=100; x=100"), "tag_invalid x");
  EXPECT_EQ(fault_of(kGood + "; t=100; x=101"), "");
}

TEST(Signature, IdentityMayBeBelowTheDomain) {
  EXPECT_EQ(fault_of(with("i=a@b.EXAMPLE.com")), "");
  EXPECT_EQ(fault_of(with("i=@example.com")), "");
  EXPECT_EQ(fault_of(with("i=\"a@b\"@example.com")), "");
}

TEST(Signature, ULabelsBecomeALabels) {
  const std::string text = with(
      "d=b\xc3\xbc"
      "cher.example");
  const Signature signature = parse_signature(text, SignatureKind::dkim);
  EXPECT_EQ(signer_of(signature).query_name, "s1._domainkey.xn--bcher-kva.example");
}

TEST(Signature, UnderscoresInSelectorsAreTaken) {
  EXPECT_EQ(fault_of(with("s=k_1.2024")), "");
}

TEST(Signature, NumbersTooLargeAreTheLargest) {
  const std::string text = with("l=99999999999999999999999999");
  EXPECT_EQ(parse_signature(text, SignatureKind::dkim).length, std::numeric_limits<std::uint64_t>::max());
}

TEST(Signature, BrokenCopiesAreNoFault) {
  const std::string text = with("z=From:=4");
  EXPECT_FALSE(parse_signature(text, SignatureKind::dkim).fault);
  EXPECT_TRUE(copied_fields(parse_signature(text, SignatureKind::dkim)).empty());
}

std::string own_field(const std::string& raw, const std::string& canonicalization) {
  const message::Message mail(raw);
  const auto& field = mail.fields()[0];
  const Signature signature = parse_signature(field.value, SignatureKind::dkim);
  EXPECT_EQ(to_string(signature.header_canonicalization), canonicalization);
  std::string out;
  append_own_field(out, field, signature);
  return out;
}

TEST(OwnField, OnlyTheValueOfBIsEmptied) {
  EXPECT_EQ(own_field("DKIM-Signature: v=1; bh=b=; b=ab\r\n cd ; d=x\r\n", "simple"),
            "DKIM-Signature: v=1; bh=b=; b=; d=x");
  EXPECT_EQ(own_field("DKIM-Signature: v=1; c=relaxed;\r\n\tb = ab\r\n cd\r\n", "relaxed"),
            "dkim-signature:v=1; c=relaxed; b =");
}

TEST(Signature, NeverCrashes) {
  EXPECT_TRUE(rc::check([](const std::string& garbage) {
    for (const auto& text : {garbage, kGood + ";" + garbage, with("i=" + garbage), with("z=" + garbage)}) {
      const Signature signature = parse_signature(text, SignatureKind::dkim);
      signer_of(signature);
      copied_fields(signature);
    }
  }));
}

}  // namespace
}  // namespace mailassay::dkim
