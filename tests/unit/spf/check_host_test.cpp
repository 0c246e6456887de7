#include "support.h"

#include <gtest/gtest.h>

namespace mailassay::spf {
namespace {

std::string spf(const std::string& name, const std::string& record) {
  return name + " TXT \"" + record + "\"\n";
}

Judged judge_record(const std::string& record, const std::string& zone = "",
                    std::string_view ip = "192.0.2.1") {
  return judge(spf("example.com", record) + zone, query(ip, "user@example.com"));
}

TEST(CheckHost, ChecksTheDomainOfMailFrom) {
  const auto zone =
      spf("example.com", "v=spf1 ip4:192.0.2.0/24 -all") + spf("mail.example.org", "v=spf1 -all");
  const auto judged = judge(zone, query("192.0.2.1", "user@Example.COM"));
  EXPECT_EQ(judged.result(), "pass");
  EXPECT_EQ(judged.outcome.domain, "example.com");
  EXPECT_EQ(judged.outcome.matched, "ip4:192.0.2.0/24");
  EXPECT_EQ(judged.outcome.cause, "");
  EXPECT_EQ(judged.questions(), std::vector<std::string>{"example.com TXT"});
}

TEST(CheckHost, ChecksTheHeloIdentityWhenAsked) {
  auto question = query("192.0.2.1", "user@example.com");
  question.identity = Identity::helo;
  const auto judged = judge(
      spf("mail.example.org", "v=spf1 exists:%{l}.%{o} -all") + "postmaster.mail.example.org A 127.0.0.2\n",
      question);
  EXPECT_EQ(judged.result(), "pass");
  EXPECT_EQ(judged.outcome.domain, "mail.example.org");
  EXPECT_EQ(judged.outcome.identity, Identity::helo);
}

TEST(CheckHost, NullReversePathIsPostmasterAtHelo) {
  const auto judged = judge(
      spf("mail.example.org", "v=spf1 exists:%{l}.example.net -all") + "postmaster.example.net A 127.0.0.2\n",
      query("192.0.2.1", ""));
  EXPECT_EQ(judged.result(), "pass");
  EXPECT_EQ(judged.outcome.identity, Identity::mailfrom);
  EXPECT_EQ(fact(judged.of_kind("spf.check").front(), "sender"), "postmaster@mail.example.org");
}

TEST(CheckHost, EmptyLocalPartIsPostmaster) {
  const auto judged =
      judge(spf("example.com", "v=spf1 exists:%{l}.example.net") + "postmaster.example.net A 127.0.0.2\n",
            query("192.0.2.1", "@example.com"));
  EXPECT_EQ(judged.result(), "pass");
}

TEST(CheckHost, NoneForWhatIsNoDomain) {
  const std::string long_label(64, 'a');
  for (const auto& domain :
       {std::string("localhost"), std::string("[192.0.2.1]"), std::string("a..example.com"),
        long_label + ".example.com", std::string("192.0.2.1"), std::string("a b.example.com")}) {
    const auto judged = judge("", query("192.0.2.1", "user@" + domain));
    EXPECT_EQ(judged.result(), "none") << domain;
    EXPECT_EQ(judged.outcome.cause, "domain_invalid") << domain;
    EXPECT_TRUE(judged.questions().empty()) << domain;
  }
  EXPECT_EQ(judge("", query("192.0.2.1", "", "OEMCOMPUTER")).outcome.cause, "helo_not_a_domain");
}

TEST(CheckHost, FourKindsOfNoAnswerStayApart) {
  const auto cause = [](const std::string& zone) {
    const auto judged = judge(zone, query("192.0.2.1", "user@example.com"));
    return judged.result() + " " + judged.outcome.cause;
  };
  EXPECT_EQ(cause(""), "none nxdomain");
  EXPECT_EQ(cause("example.com A 192.0.2.1\n"), "none no_record");
  EXPECT_EQ(cause("example.com TXT \"other\"\n"), "none no_record");
  EXPECT_EQ(cause("$SERVFAIL example.com TXT\n"), "temperror dns_servfail");
  EXPECT_EQ(cause("$TIMEOUT example.com TXT\n"), "temperror dns_timeout");
}

TEST(CheckHost, ShowsRecordsThatLookMeantAsSpf) {
  const auto judged = judge(
      "example.com TXT \" v=spf1 -all\"\nexample.com TXT \"v=spf10 -all\"\nexample.com TXT \"google-site\"\n",
      query("192.0.2.1", "user@example.com"));
  EXPECT_EQ(judged.result(), "none");
  const auto near = fact(judged.of_kind("spf.no_record").front(), "near_misses");
  EXPECT_NE(near.find(" v=spf1 -all"), std::string::npos);
  EXPECT_NE(near.find("v=spf10 -all"), std::string::npos);
  EXPECT_EQ(near.find("google"), std::string::npos);
}

TEST(CheckHost, SeveralRecordsAreAPermanentError) {
  const auto judged = judge(spf("example.com", "v=spf1 -all") + spf("example.com", "V=spf1 +all"),
                            query("192.0.2.1", "user@example.com"));
  EXPECT_EQ(judged.result(), "permerror");
  EXPECT_EQ(judged.outcome.cause, "multiple_records");
}

TEST(CheckHost, SyntaxErrorBehindAMatchCountsBeforeIt) {
  const auto judged = judge_record("v=spf1 ip4:192.0.2.1 -all moo");
  EXPECT_EQ(judged.result(), "permerror");
  EXPECT_EQ(judged.outcome.cause, "record_invalid");
  const auto* error = judged.of_kind("spf.syntax_error").front();
  EXPECT_EQ(fact(error, "term") + " " + fact(error, "octet") + " " + fact(error, "why"),
            "moo 27 mechanism_unknown");
  EXPECT_TRUE(judged.of_kind("spf.term").empty());
}

TEST(CheckHost, NothingMatchedIsNeutral) {
  const auto judged = judge_record("v=spf1 ip4:198.51.100.1");
  EXPECT_EQ(judged.result(), "neutral");
  EXPECT_EQ(judged.outcome.matched, "");
  EXPECT_EQ(judged.of_kind("spf.no_match").size(), 1U);
}

TEST(CheckHost, StringsOfOneRecordAreJoinedWithoutSeparator) {
  EXPECT_EQ(judge("example.com TXT \"v=spf1 ip4:192.\" \"0.2.1 -all\"\n", query("192.0.2.1", "u@example.com"))
                .result(),
            "pass");
}

TEST(CheckHost, UnicodeDomainsAreAskedAsALabels) {
  const auto judged = judge(spf("xn--bcher-kva.example", "v=spf1 exists:%{d}.ok.example -all") +
                                "xn--bcher-kva.example.ok.example A 127.0.0.2\n",
                            query("192.0.2.1",
                                  "user@b\xc3\xbc"
                                  "cher.example"));
  EXPECT_EQ(judged.result(), "pass");
  EXPECT_EQ(judged.outcome.domain, "xn--bcher-kva.example");
}

TEST(CheckHost, UnicodeHeloIsExpandedAsALabels) {
  const auto judged = judge(spf("example.com", "v=spf1 a:%{h} -all") + "xn--bcher-kva.example A 192.0.2.1\n",
                            query("192.0.2.1", "user@example.com",
                                  "b\xc3\xbc"
                                  "cher.example"));
  EXPECT_EQ(judged.result(), "pass");
}

TEST(CheckHost, NonAsciiLocalPartsNeverMatch) {
  const auto zone =
      spf("example.com",
          "v=spf1 exists:%{l}.example.net exists:%{s}.example.net include:%{l1r}.example.net -all") +
      "*.example.net A 127.0.0.2\n" + spf("*.example.net", "v=spf1 +all");
  EXPECT_EQ(judge(zone, query("192.0.2.1", "user@example.com")).result(), "pass");
  const auto judged = judge(zone, query("192.0.2.1", "us\xc3\xa9r@example.com"));
  EXPECT_EQ(judged.result(), "fail");
  EXPECT_EQ(fact(judged.of_kind("spf.match").front(), "why"), "local_part_not_ascii");
}

TEST(CheckHost, TrailingDotsChangeNothing) {
  const auto zone = spf("example.com", "v=spf1 include:b.example. -all") +
                    spf("b.example", "v=spf1 a:c.example. -all") + "c.example A 192.0.2.1\n";
  const auto judged = judge(zone, query("192.0.2.1", "user@example.com."));
  EXPECT_EQ(judged.result(), "pass");
  EXPECT_EQ(judged.outcome.domain, "example.com");
}

TEST(CheckHost, HostileNamesAreOneLabelAndHarmless) {
  const auto judged =
      judge(spf("example.com", "v=spf1 exists:%{l}.example.net -all") + "*.example.net A 127.0.0.2\n",
            query("192.0.2.1", "\"a\\.b\"(c)@example.com"));
  EXPECT_EQ(judged.result(), "pass");
  EXPECT_EQ(fact(judged.of_kind("dns.answer").back(), "name"), "\"a\\\\.b\"(c).example.net");
  for (const std::string domain : {"exa\"mple.com", "(example.com", "example.com)"})
    EXPECT_EQ(judge("", query("192.0.2.1", "u@" + domain)).result(), "none") << domain;
  EXPECT_EQ(judge("", query("192.0.2.1", std::string("u@exa\0mple.com", 14))).outcome.cause,
            "domain_invalid");
}

TEST(CheckHost, IncludesPassAloneMatches) {
  const std::string zone = spf("pass.example", "v=spf1 +all") + spf("fail.example", "v=spf1 -all") +
                           spf("soft.example", "v=spf1 ~all") + spf("neutral.example", "v=spf1 ?all") +
                           spf("broken.example", "v=spf1 moo") + "$TIMEOUT slow.example TXT\n";
  const auto result = [&](const std::string& record) {
    const auto judged = judge_record(record, zone);
    return judged.result() + " " +
           (judged.outcome.cause.empty() ? judged.outcome.matched : judged.outcome.cause);
  };
  EXPECT_EQ(result("v=spf1 include:pass.example -all"), "pass include:pass.example");
  EXPECT_EQ(result("v=spf1 include:fail.example ?all"), "neutral ?all");
  EXPECT_EQ(result("v=spf1 include:soft.example -all"), "fail -all");
  EXPECT_EQ(result("v=spf1 include:neutral.example ~all"), "softfail ~all");
  EXPECT_EQ(result("v=spf1 include:broken.example ~all"), "permerror record_invalid");
  EXPECT_EQ(result("v=spf1 include:nowhere.example ~all"), "permerror include_without_record");
  EXPECT_EQ(result("v=spf1 include:slow.example ~all"), "temperror dns_timeout");
}

TEST(CheckHost, NestedPassTakesTheOuterQualifier) {
  const auto zone = spf("b.example", "v=spf1 include:c.example -all") + spf("c.example", "v=spf1 +all");
  EXPECT_EQ(judge_record("v=spf1 -include:b.example +all", zone).result(), "fail");
  EXPECT_EQ(judge_record("v=spf1 ~include:b.example +all", zone).outcome.matched, "~include:b.example");
  // A nested -include's pass is a fail there, hence no match here.
  EXPECT_EQ(
      judge_record("v=spf1 include:d.example ?all", zone + spf("d.example", "v=spf1 -include:c.example +all"))
          .result(),
      "neutral");
}

TEST(CheckHost, RedirectLetsTheOtherRecordDecide) {
  const auto zone = spf("b.example", "v=spf1 a -all exp=why.example") + "b.example A 192.0.2.1\n" +
                    "why.example TXT \"%{d} says no to %{c} at %{t} via %{r}\"\n";
  const auto pass = judge_record("v=spf1 exp=other.example redirect=b.example", zone);
  EXPECT_EQ(pass.result(), "pass");
  EXPECT_EQ(pass.outcome.matched, "a");
  EXPECT_EQ(pass.outcome.domain, "example.com");
  EXPECT_EQ(pass.outcome.lookups, 2);
  const auto fail = judge_record("v=spf1 exp=other.example redirect=b.example", zone, "192.0.2.9");
  EXPECT_EQ(fail.result(), "fail");
  EXPECT_EQ(fail.outcome.explanation, "b.example says no to 192.0.2.9 at 1700000000 via mx.receiver.example");
  EXPECT_EQ(judge_record("v=spf1 redirect=b.example ?all", zone, "192.0.2.9").result(), "neutral");
  EXPECT_EQ(judge_record("v=spf1 redirect=nowhere.example").outcome.cause, "redirect_without_record");
  EXPECT_EQ(judge_record("v=spf1 redirect=nowhere.example").result(), "permerror");
}

TEST(CheckHost, ExplanationBelongsToTheOutermostFail) {
  const auto zone = spf("b.example", "v=spf1 -all exp=inner.example") +
                    "inner.example TXT \"inner\"\nouter.example TXT \"outer.\"\n";
  EXPECT_EQ(judge_record("v=spf1 include:b.example -all exp=outer.example", zone).outcome.explanation,
            "outer.");
  EXPECT_EQ(judge_record("v=spf1 include:b.example -all", zone).outcome.explanation, std::nullopt);
  EXPECT_EQ(judge_record("v=spf1 ~all exp=outer.example", zone).outcome.explanation, std::nullopt);
}

TEST(CheckHost, UnusableExplanationsAreNone) {
  const auto why = [](const std::string& zone) {
    const auto judged = judge_record("v=spf1 -all exp=why.example", zone);
    EXPECT_EQ(judged.result(), "fail");
    EXPECT_EQ(judged.outcome.explanation, std::nullopt);
    return fact(judged.of_kind("spf.explanation").front(), "why");
  };
  EXPECT_EQ(why(""), "exp_no_text");
  EXPECT_EQ(why("why.example TXT one\nwhy.example TXT two\n"), "exp_several_texts");
  EXPECT_EQ(why("$TIMEOUT why.example TXT\n"), "dns_timeout");
  EXPECT_EQ(why("why.example TXT \"%{x}\"\n"), "macro_letter_unknown");
  EXPECT_EQ(why("why.example TXT \"caf\\195\\169\"\n"), "not_ascii");
}

TEST(CheckHost, MacrosAreExpandedInEveryMechanism) {
  const auto zone = std::string(
      "1.ok.example A 192.0.2.1\n192.0.2.1.mx.example MX 10 host.example\nhost.example A 192.0.2.1\n");
  EXPECT_EQ(judge_record("v=spf1 a:%{i4r}.x.example a:%{i1}.ok.example -all", zone).outcome.matched,
            "a:%{i1}.ok.example");
  EXPECT_EQ(judge_record("v=spf1 mx:%{i}.mx.example -all", zone).result(), "pass");
}

TEST(CheckHost, AddressesNeedARecordOfTheClientsFamily) {
  const std::string zone = "four.example A 198.51.100.1\nsix.example AAAA 2001:db8::1\n";
  EXPECT_EQ(judge_record("v=spf1 a:four.example/0 -all", zone).result(), "pass");
  EXPECT_EQ(judge_record("v=spf1 a:six.example/0//0 -all", zone).result(), "fail");
  EXPECT_EQ(judge_record("v=spf1 a:four.example/0//0 -all", zone, "2001:db8::9").result(), "fail");
  EXPECT_EQ(judge_record("v=spf1 a:six.example//64 -all", zone, "2001:db8::9").result(), "pass");
}

TEST(CheckHost, MappedAddressIsIpv4) {
  EXPECT_EQ(
      judge_record("v=spf1 ip6:::ffff:192.0.2.1 ip4:192.0.2.1 -all", "", "::ffff:192.0.2.1").outcome.matched,
      "ip4:192.0.2.1");
  EXPECT_EQ(judge_record("v=spf1 ip6:::ffff:1.1.1.1/0 -all", "", "2001:db8::1").result(), "pass");
}

TEST(CheckHost, NoMxIsNoFallBackAndNullMxIsNoMatch) {
  EXPECT_EQ(judge_record("v=spf1 mx -all", "example.com A 192.0.2.1\n").result(), "fail");
  const auto null_mx = judge_record("v=spf1 mx ?all", "example.com MX 0 .\n");
  EXPECT_EQ(null_mx.result(), "neutral");
  EXPECT_EQ(fact(null_mx.of_kind("spf.match").front(), "why"), "null_mx");
}

TEST(CheckHost, ExistsAsksForAddressesOfIpv4Always) {
  EXPECT_EQ(
      judge_record("v=spf1 exists:four.example -all", "four.example A 127.0.0.2\n", "2001:db8::1").result(),
      "pass");
  EXPECT_EQ(judge_record("v=spf1 exists:six.example -all", "six.example AAAA ::1\n", "2001:db8::1").result(),
            "fail");
}

TEST(CheckHost, ErrorsOfMechanismsAreTemporary) {
  for (const std::string record : {"v=spf1 a:x.example -all", "v=spf1 mx:x.example -all",
                                   "v=spf1 exists:x.example -all", "v=spf1 redirect=x.example"})
    EXPECT_EQ(judge_record(record, "$SERVFAIL x.example\n").outcome.cause, "dns_servfail") << record;
  EXPECT_EQ(judge_record("v=spf1 mx -all", "example.com MX 1 x.example\n$TIMEOUT x.example\n").result(),
            "temperror");
}

TEST(CheckHost, PtrMatchesAtLabelBoundariesAlone) {
  const std::string zone =
      "1.2.0.192.in-addr.arpa PTR mail.badexample.com.\nmail.badexample.com A 192.0.2.1\n";
  EXPECT_EQ(judge_record("v=spf1 ptr -all", zone).result(), "fail");
  EXPECT_EQ(judge_record("v=spf1 ptr:badexample.com -all", zone).result(), "pass");
  EXPECT_EQ(judge_record("v=spf1 ptr:MAIL.badexample.com -all", zone).result(), "pass");
}

TEST(CheckHost, PtrErrorsAreNoMatch) {
  EXPECT_EQ(judge_record("v=spf1 ptr ?all", "$TIMEOUT 1.2.0.192.in-addr.arpa\n").result(), "neutral");
  const std::string zone =
      "1.2.0.192.in-addr.arpa PTR a.example.com.\n1.2.0.192.in-addr.arpa PTR b.example.com.\n"
      "$SERVFAIL a.example.com\nb.example.com A 192.0.2.1\n";
  EXPECT_EQ(judge_record("v=spf1 ptr -all", zone).result(), "pass");
}

TEST(CheckHost, ValidatedNameOfMacroP) {
  const std::string names =
      "1.2.0.192.in-addr.arpa PTR other.example.\n1.2.0.192.in-addr.arpa PTR sub.example.com.\n"
      "other.example A 192.0.2.1\nsub.example.com A 192.0.2.1\n*.ok.example A 127.0.0.2\n";
  const auto expanded = [](const std::string& zone) {
    return fact(judge_record("v=spf1 exists:%{p}.ok.example -all", zone).of_kind("spf.macro").front(),
                "expanded");
  };
  EXPECT_EQ(expanded(names), "sub.example.com.ok.example");
  EXPECT_EQ(expanded("*.ok.example A 127.0.0.2\n"), "unknown.ok.example");
  EXPECT_EQ(expanded("$TIMEOUT 1.2.0.192.in-addr.arpa\n"), "unknown.ok.example");
}

}  // namespace
}  // namespace mailassay::spf
