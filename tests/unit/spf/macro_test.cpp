#include "evaluation/spf/macro.h"

#include "evaluation/spf/checker.h"

#include <gtest/gtest.h>

namespace mailassay::spf {
namespace {

// RFC 7208 section 7.4's example: strong-bad@email.example.com from 192.0.2.3.
MacroValues rfc_values() {
  MacroValues values;
  values.sender = "strong-bad@email.example.com";
  values.local_part = "strong-bad";
  values.sender_domain = values.domain = "email.example.com";
  values.ip = values.readable_ip = "192.0.2.3";
  values.version = "in-addr";
  values.validated = "mx.example.org";
  values.helo = "helo.example.net";
  values.receiver = "mx.example.net";
  values.timestamp = "1700000000";
  return values;
}

std::string expand(std::string_view text) {
  return expand(*parse_explanation(text), rfc_values());
}

std::string fault(const MacroResult& result) {
  return result ? "accepted" : std::string(result.error().why) + "@" + std::to_string(result.error().offset);
}

TEST(Macro, ExpandsTheExamplesOfTheRfc) {
  EXPECT_EQ(expand("%{s}"), "strong-bad@email.example.com");
  EXPECT_EQ(expand("%{o}"), "email.example.com");
  EXPECT_EQ(expand("%{d4}"), "email.example.com");
  EXPECT_EQ(expand("%{d3}"), "email.example.com");
  EXPECT_EQ(expand("%{d2}"), "example.com");
  EXPECT_EQ(expand("%{d1}"), "com");
  EXPECT_EQ(expand("%{dr}"), "com.example.email");
  EXPECT_EQ(expand("%{d2r}"), "example.email");
  EXPECT_EQ(expand("%{l}"), "strong-bad");
  EXPECT_EQ(expand("%{l-}"), "strong.bad");
  EXPECT_EQ(expand("%{lr}"), "strong-bad");
  EXPECT_EQ(expand("%{lr-}"), "bad.strong");
  EXPECT_EQ(expand("%{l1r-}"), "strong");
  EXPECT_EQ(expand("%{ir}.%{v}._spf.%{d2}"), "3.2.0.192.in-addr._spf.example.com");
  EXPECT_EQ(expand("%{lr-}.lp._spf.%{d2}"), "bad.strong.lp._spf.example.com");
  EXPECT_EQ(expand("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}"), "bad.strong.lp.3.2.0.192.in-addr._spf.example.com");
  EXPECT_EQ(expand("%{d2}.trusted-domains.example.net"), "example.com.trusted-domains.example.net");
}

TEST(Macro, WritesIpv6AsNibbles) {
  EXPECT_EQ(dotted(*net::IpAddress::parse("2001:db8::cb01")),
            "2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.C.B.0.1");
  EXPECT_EQ(dotted(*net::IpAddress::parse("192.0.2.3")), "192.0.2.3");
}

TEST(Macro, ExpandsEveryOtherLetterAndEscape) {
  EXPECT_EQ(expand("%{p} %{h} %{c} %{r} %{t}"),
            "mx.example.org helo.example.net 192.0.2.3 mx.example.net 1700000000");
  EXPECT_EQ(expand("%%%_%-"), "% %20");
  EXPECT_EQ(expand("%{S}"), "strong-bad%40email.example.com");
  EXPECT_EQ(expand("%{O1000000000000}"), "email.example.com");
}

TEST(Macro, RefusesWhatTheGrammarDoesNotHold) {
  EXPECT_EQ(fault(parse_macro_string("%(d)")), "macro_percent@0");
  EXPECT_EQ(fault(parse_macro_string("ab%")), "macro_percent@2");
  EXPECT_EQ(fault(parse_macro_string("%{")), "macro_unfinished@0");
  EXPECT_EQ(fault(parse_macro_string("%{d")), "macro_unfinished@0");
  EXPECT_EQ(fault(parse_macro_string("%{d;}")), "macro_unfinished@0");
  EXPECT_EQ(fault(parse_macro_string("%{x}")), "macro_letter_unknown@2");
  EXPECT_EQ(fault(parse_macro_string("%{d0}")), "macro_parts_zero@3");
  for (const auto* text : {"%{c}", "%{r}", "%{t}"}) {
    EXPECT_EQ(fault(parse_macro_string(text)), "macro_letter_exp_only@2") << text;
    EXPECT_EQ(fault(parse_explanation(text)), "accepted") << text;
  }
  EXPECT_EQ(fault(parse_explanation("a\tb")), "control_character@1");
  EXPECT_EQ(fault(parse_explanation("caf\xc3\xa9")), "not_ascii@3");
}

TEST(Macro, DomainSpecEndsInATopLabelOrAMacro) {
  for (const auto* text :
       {"a.b", "a.b.", ".com", "%{d}", "x%{d}", "a.%{i}", "a.xn--zckzah", "%%", "a:b/c.de"})
    EXPECT_EQ(fault(parse_domain_spec(text)), "accepted") << text;
  for (const auto* text : {"a", "a.", "%{d}x", "a.-b", "a.b-", "a.1", "a.b_c", "%{d}.a/24"})
    EXPECT_NE(fault(parse_domain_spec(text)), "accepted") << text;
}

TEST(Macro, NamesAreCutFromTheLeftTo253Octets) {
  auto values = rfc_values();
  const std::string label(60, 'x');
  const auto long_name = label + "." + label + "." + label + "." + label;  // 243
  values.domain = long_name;
  const auto fits = expand_domain(*parse_domain_spec("12345678.a.%{d}"), values);
  EXPECT_EQ(fits.name.size(), 243U + 2U);
  EXPECT_TRUE(fits.truncated);
  const auto whole = expand_domain(*parse_domain_spec("1234567.a.%{d}"), values);
  EXPECT_EQ(whole.name.size(), 253U);
  EXPECT_FALSE(whole.truncated);
}

TEST(Macro, TrailingDotsStayInTextAndGoFromNames) {
  EXPECT_EQ(expand("The end."), "The end.");
  EXPECT_EQ(expand_domain(*parse_domain_spec("%{d}.example."), rfc_values()).name,
            "email.example.com.example");
  auto values = rfc_values();
  values.helo = "a.example..";  // an empty label stays one
  EXPECT_EQ(expand_domain(*parse_domain_spec("%{h}"), values).name, "a.example..");
}

}  // namespace
}  // namespace mailassay::spf
