#include "evaluation/spf/record.h"

#include "evaluation/spf/notes.h"

#include <rapidcheck.h>

#include <gtest/gtest.h>

namespace mailassay::spf {
namespace {

using evaluation::Result;

Record parse(std::string_view text) {
  return *parse_record(text);
}

// "why@octet of term" for a record that must be refused.
std::string fault(std::string_view text) {
  const auto record = parse_record(text);
  if (record) return "accepted";
  const auto& error = record.error();
  return std::string(error.why) + "@" + std::to_string(error.octet) + " " + error.term;
}

TEST(Record, IsKnownByItsVersionAlone) {
  for (const auto* text : {"v=spf1", "V=SPF1", "v=spf1 -all", "v=SpF1 "})
    EXPECT_TRUE(is_spf_record(text)) << text;
  for (const auto* text : {"", "v=spf10", "v=spf1\t-all", " v=spf1", "v=spf", "v=spf2.0", "\"v=spf1 -all\""})
    EXPECT_FALSE(is_spf_record(text)) << text;
}

TEST(Record, KnowsEveryMechanism) {
  const auto record =
      parse("v=spf1 all include:a.b a a:a.b/24//64 mx ptr ptr:a.b ip4:1.2.3.0/24 IP6:1::/64 exists:%{i}.a.b");
  std::string names;
  for (const auto& term : record.terms)
    names.append(name_of(std::get<Directive>(term).mechanism)).append(" ");
  EXPECT_EQ(names, "all include a a mx ptr ptr ip4 ip6 exists ");
  const auto& a = std::get<A>(std::get<Directive>(record.terms[3]).mechanism);
  EXPECT_EQ(a.domain->text, "a.b");
  EXPECT_EQ(a.cidr, (DualCidr{24, 64}));
}

TEST(Record, KnowsEveryQualifier) {
  const auto record = parse("v=spf1 +a -a ~a ?a a");
  std::vector<Result> qualifiers;
  for (const auto& term : record.terms) qualifiers.push_back(std::get<Directive>(term).qualifier);
  EXPECT_EQ(qualifiers,
            (std::vector{Result::pass, Result::fail, Result::softfail, Result::neutral, Result::pass}));
}

TEST(Record, PrintsItsTermsAsWritten) {
  EXPECT_EQ(parse("V=spf1   +A:Mail.Example.COM/24  ~all ").to_string(),
            "V=spf1 +A:Mail.Example.COM/24 ~all");
}

TEST(Record, TakesRedirectAndExpAsideWhereverTheyStand) {
  const auto record = parse("v=spf1 REDIRECT=b.example a exp=c.example other=%{d}/x");
  EXPECT_EQ(record.redirect->value.text, "b.example");
  EXPECT_EQ(record.exp->value.text, "c.example");
  EXPECT_FALSE(record.has_all);
  EXPECT_EQ(record.terms.size(), 4U);
}

TEST(Record, TellsWhatIsWrongAndWhere) {
  EXPECT_EQ(fault("v=spf1 ip4:1.2.3.4 -all moo"), "mechanism_unknown@25 moo");
  EXPECT_EQ(fault("v=spf1 all:x"), "argument_not_allowed@11 all:x");
  EXPECT_EQ(fault("v=spf1 -all."), "mechanism_unknown@8 -all.");
  EXPECT_EQ(fault("v=spf1 ptr/24"), "prefix_length_misplaced@11 ptr/24");
  EXPECT_EQ(fault("v=spf1 include:a.b/24"), "prefix_length_misplaced@16 include:a.b/24");
  EXPECT_EQ(fault("v=spf1 include"), "domain_missing@15 include");
  EXPECT_EQ(fault("v=spf1 a:"), "domain_empty@10 a:");
  EXPECT_EQ(fault("v=spf1 exp= -all"), "domain_empty@12 exp=");
  EXPECT_EQ(fault("v=spf1 a:museum"), "domain_single_label@10 a:museum");
  EXPECT_EQ(fault("v=spf1 a:abc.123"), "domain_top_label_numeric@10 a:abc.123");
  EXPECT_EQ(fault("v=spf1 a:1.2.3.4"), "domain_is_address@10 a:1.2.3.4");
  EXPECT_EQ(fault("v=spf1 mx:example.com:25"), "port_not_allowed@11 mx:example.com:25");
  EXPECT_EQ(fault("v=spf1 redirect:a.b"), "modifier_needs_equals@16 redirect:a.b");
  EXPECT_EQ(fault("v=spf1 -exp=a.b"), "qualifier_on_modifier@8 -exp=a.b");
  EXPECT_EQ(fault("v=spf1 1up=x"), "modifier_name@8 1up=x");
  EXPECT_EQ(fault("v=spf1 exp=a.b exp=c.d"), "modifier_repeated@16 exp=c.d");
  EXPECT_EQ(fault("v=spf1 redirect=a.b all redirect=a.b"), "modifier_repeated@25 redirect=a.b");
  EXPECT_EQ(fault("v=spf1 a\tmx"), "control_character@9 a\tmx");
  EXPECT_EQ(fault("v=spf1 \xe2\x80\x93"
                  "all"),
            "not_ascii@8 \xe2\x80\x93"
            "all");
  EXPECT_EQ(fault("v=spf1 ~"), "mechanism_missing@9 ~");
}

TEST(Record, TellsWhatIsWrongWithAnAddress) {
  EXPECT_EQ(fault("v=spf1 ip4"), "address_missing@11 ip4");
  EXPECT_EQ(fault("v=spf1 ip4:1.2.3"), "ip4_invalid@12 ip4:1.2.3");
  EXPECT_EQ(fault("v=spf1 ip4:01.2.3.4"), "ip4_invalid@12 ip4:01.2.3.4");
  EXPECT_EQ(fault("v=spf1 ip4:1.2.3.4:25"), "ip4_invalid@12 ip4:1.2.3.4:25");
  EXPECT_EQ(fault("v=spf1 ip4:1.2.3.4/33"), "prefix_length_too_long@20 ip4:1.2.3.4/33");
  EXPECT_EQ(fault("v=spf1 ip4:1.2.3.4/032"), "prefix_length_leading_zero@20 ip4:1.2.3.4/032");
  EXPECT_EQ(fault("v=spf1 ip4:1.2.3.4//32"), "prefix_length_invalid@20 ip4:1.2.3.4//32");
  EXPECT_EQ(fault("v=spf1 ip4:::1"), "ip6_in_ip4@12 ip4:::1");
  EXPECT_EQ(fault("v=spf1 ip6:1.2.3.4"), "ip4_in_ip6@12 ip6:1.2.3.4");
  EXPECT_EQ(fault("v=spf1 ip6::1::1"), "ip6_invalid@12 ip6::1::1");
  EXPECT_EQ(fault("v=spf1 ip6:::1/129"), "prefix_length_too_long@16 ip6:::1/129");
  EXPECT_EQ(fault("v=spf1 a/24/64"), "prefix_length_too_long@13 a/24/64");
  EXPECT_EQ(fault("v=spf1 a/24/8"), "prefix_length_invalid@9 a/24/8");
  EXPECT_EQ(fault("v=spf1 a//129"), "prefix_length_too_long@11 a//129");
  EXPECT_EQ(fault("v=spf1 a/"), "prefix_length_invalid@9 a/");
}

TEST(Record, ReadsPrefixLengthZeroAndTheLongest) {
  EXPECT_EQ(fault("v=spf1 a/0//0 mx/32//128 ip4:0.0.0.0/0 ip6:::/0"), "accepted");
}

TEST(Notes, SayWhatIsLegalYetHardlyMeant) {
  const auto notes = [](std::string_view text) { return notes_of(parse(text)); };
  using Codes = std::vector<std::string_view>;
  EXPECT_EQ(notes("v=spf1 mx -all"), Codes());
  EXPECT_EQ(notes("v=spf1 +all mx"), (Codes{"passes_everyone", "terms_after_all"}));
  EXPECT_EQ(notes("v=spf1 redirect=a.b ~all"), Codes{"redirect_ignored"});
  EXPECT_EQ(notes("v=spf1 mx"), Codes{"no_all"});
  EXPECT_EQ(notes("v=spf1 ip4=1.2.3.4 ptr -all"), (Codes{"mechanism_with_equals", "ptr_discouraged"}));
}

// Octets that a record's grammar gives a meaning to, so that faults lie deep.
rc::Gen<std::string> record_like() {
  const auto piece = rc::gen::elementOf(std::vector<std::string>{
      "a",   "mx",      "all", "include", "ip4", "ip6", "exists", "ptr", "redirect", "exp", ":", "=",
      "/",   "//",      "24",  "%{",      "i",   "r",   "d2",     "}",   "%%",       "%_",  "%", ".",
      "com", "1.2.3.4", "::1", "-",       "~",   "?",   "+",      " ",   "x",        "\x80"});
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const auto& pieces) {
    std::string text = "v=spf1 ";
    for (const auto& part : pieces) text += part;
    return text;
  });
}

TEST(Record, PropertyPrintingAndParsingAgree) {
  EXPECT_TRUE(rc::check("a record that parses prints to one that parses the same", [] {
    const auto text = *record_like();
    const auto record = parse_record(text);
    if (!record) {
      RC_ASSERT(record.error().octet >= 8);
      RC_ASSERT(record.error().octet <= text.size() + 1);
      RC_ASSERT(text.find(record.error().term) != std::string::npos);
      return;
    }
    const auto printed = record->to_string();
    const auto again = parse_record(printed);
    RC_ASSERT(static_cast<bool>(again));
    RC_ASSERT(again->to_string() == printed);
    RC_ASSERT(again->terms.size() == record->terms.size());
    for (std::size_t i = 0; i < record->terms.size(); ++i) {
      const auto* directive = std::get_if<Directive>(&record->terms[i]);
      if (directive == nullptr) continue;
      RC_ASSERT(std::get<Directive>(again->terms[i]).mechanism == directive->mechanism);
    }
  }));
}

TEST(Record, PropertyAnyOctetsAreReadOrRefused) {
  EXPECT_TRUE(rc::check("no octets break the parser", [] {
    const auto text = "v=spf1 " + *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const auto record = parse_record(text);
    RC_ASSERT(record.has_value() || !record.error().why.empty());
  }));
}

}  // namespace
}  // namespace mailassay::spf
