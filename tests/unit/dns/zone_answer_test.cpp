// How a zone answers: RFC 1034 section 4.3.2, wildcards by RFC 4592, and our own directives.
#include "dns/zone.h"
#include "support.h"

namespace mailassay::dns::test {
namespace {

TEST(ZoneAnswer, NxdomainAndNoDataAreTwoFacts) {
  const auto zone = zone_of("deep.below.example.com A 192.0.2.1");
  EXPECT_EQ(told(*zone, "deep.below.example.com", Type::TXT), "no_data");
  EXPECT_EQ(told(*zone, "below.example.com", Type::A), "no_data");  // an empty non-terminal
  EXPECT_EQ(told(*zone, "com", Type::A), "no_data");
  EXPECT_EQ(told(*zone, "other.example.com", Type::A), "nxdomain");
  EXPECT_EQ(told(*zone, "x.deep.below.example.com", Type::A), "nxdomain");
  EXPECT_EQ(zone->answer("nowhere", Type::A).rcode, 3);
}

TEST(ZoneAnswer, BadNamesAreNeverLookedUp) {
  const auto zone = zone_of("* A 192.0.2.1");
  EXPECT_EQ(told(*zone, "a..b", Type::A), "bad_name");
  EXPECT_EQ(told(*zone, std::string(64, 'x'), Type::A), "bad_name");
  EXPECT_EQ(told(*zone, "", Type::A), "bad_name");
}

TEST(ZoneAnswer, CnamesAreFollowed) {
  const auto zone = zone_of(R"(
one CNAME two
two CNAME Three.example
three.example TXT end
out CNAME outside.example
half CNAME example
)");
  const Answer answer = zone->answer("one", Type::TXT);
  EXPECT_EQ(told(answer), "records \"end\"");
  EXPECT_EQ(answer.aliases, (std::vector<std::string>{"two", "Three.example"}));
  EXPECT_EQ(told(*zone, "one", Type::CNAME), "records two.");
  EXPECT_EQ(told(*zone, "out", Type::TXT), "nxdomain");
  EXPECT_EQ(told(*zone, "half", Type::TXT), "no_data");
}

TEST(ZoneAnswer, CnameLoopIsServfail) {
  const auto zone = zone_of("a CNAME b\nb CNAME a\nself CNAME SELF");
  EXPECT_EQ(told(*zone, "a", Type::A), "servfail");
  EXPECT_EQ(told(*zone, "self", Type::A), "servfail");
}

TEST(ZoneAnswer, WildcardAnswersForNamesThatDoNotExist) {
  const auto zone = zone_of(R"(
*.example.com   TXT wild
host.example.com A 192.0.2.1
sub.deep.example.com A 192.0.2.2
*.cname.example.com CNAME host.example.com
)");
  const Answer answer = zone->answer("any.example.com", Type::TXT);
  EXPECT_EQ(told(answer), "records \"wild\"");
  EXPECT_EQ(answer.records.at(0).owner, "any.example.com");
  EXPECT_EQ(told(*zone, "a.b.example.com", Type::TXT), "records \"wild\"");
  EXPECT_EQ(told(*zone, "any.example.com", Type::A), "no_data");
  EXPECT_EQ(told(*zone, "host.example.com", Type::TXT), "no_data");     // exists
  EXPECT_EQ(told(*zone, "deep.example.com", Type::TXT), "no_data");     // exists by what is below it
  EXPECT_EQ(told(*zone, "x.host.example.com", Type::TXT), "nxdomain");  // below an existing name
  EXPECT_EQ(told(*zone, "x.deep.example.com", Type::TXT),
            "nxdomain");  // the closest encloser has no wildcard
  EXPECT_EQ(told(*zone, "x.cname.example.com", Type::A), "records 192.0.2.1");
  EXPECT_EQ(told(*zone, "*.example.com", Type::TXT), "records \"wild\"");
  EXPECT_EQ(told(*zone, "example.com", Type::TXT), "no_data");
}

TEST(ZoneAnswer, WildcardAtTheRootCoversUnknownTopLevels) {
  const auto zone = zone_of("* TXT everywhere\nexample A 192.0.2.1");
  EXPECT_EQ(told(*zone, "a.b", Type::TXT), "records \"everywhere\"");
  EXPECT_EQ(told(*zone, "a.example", Type::TXT), "nxdomain");
}

TEST(ZoneDirective, FailuresForANameOrOneType) {
  const auto zone = zone_of("$TIMEOUT slow\n$SERVFAIL broken TXT\nbroken A 192.0.2.1\nslow A 192.0.2.1");
  EXPECT_EQ(told(*zone, "slow", Type::A), "timeout");
  EXPECT_EQ(told(*zone, "slow", Type::MX), "timeout");
  EXPECT_EQ(told(*zone, "broken", Type::TXT), "servfail");
  EXPECT_EQ(told(*zone, "broken", Type::A), "records 192.0.2.1");
}

TEST(ZoneDirective, FailureOfOneTypeMakesTheNameExist) {
  const auto zone = zone_of("$TIMEOUT host.example TXT");
  EXPECT_EQ(told(*zone, "host.example", Type::A), "no_data");
  EXPECT_EQ(told(*zone, "example", Type::TXT), "no_data");
}

TEST(ZoneDirective, RemovalHoldsBeforeAndAfterTheRecords) {
  const auto zone =
      zone_of("$NXDOMAIN a\na A 192.0.2.1\nb A 192.0.2.1\n$NXDOMAIN b\nc TXT x\n$NODATA c TXT\n");
  EXPECT_EQ(told(*zone, "a", Type::A), "nxdomain");
  EXPECT_EQ(told(*zone, "b", Type::A), "nxdomain");
  EXPECT_EQ(told(*zone, "c", Type::TXT), "no_data");
}

TEST(ZoneDirective, RemovedNameIsNotCoveredByTheWildcard) {
  const auto zone = zone_of("*.example TXT wild\n$NXDOMAIN gone.example");
  EXPECT_EQ(told(*zone, "gone.example", Type::TXT), "nxdomain");
  EXPECT_EQ(told(*zone, "here.example", Type::TXT), "records \"wild\"");
}

TEST(ZoneDirective, NamesFollowTheOrigin) {
  const auto zone = zone_of("$ORIGIN example.com.\n$SERVFAIL mail A\n$TIMEOUT @\n$DELAY mail 5\n");
  EXPECT_EQ(told(*zone, "mail.example.com", Type::A), "servfail");
  EXPECT_EQ(told(*zone, "example.com", Type::A), "timeout");
  EXPECT_EQ(zone->delay("MAIL.example.com."), std::chrono::milliseconds(5));
}

TEST(ZoneDirective, DelayDoesNotMakeANameExist) {
  const auto zone = zone_of("$DELAY late.example 5\n$DELAY *.wild.example 7");
  EXPECT_EQ(told(*zone, "late.example", Type::A), "nxdomain");
  EXPECT_EQ(zone->delay("x.wild.example"), std::chrono::milliseconds(7));
  EXPECT_EQ(zone->delay("other.example"), std::chrono::milliseconds(0));
}

TEST(ZoneCovers, WhatARecordOrDirectiveSays) {
  const auto zone = zone_of("a TXT x\nb CNAME c\n$NXDOMAIN gone\n$TIMEOUT slow A\n$TIMEOUT all\n*.w TXT x\n");
  EXPECT_TRUE(zone->covers("A", Type::TXT));
  EXPECT_FALSE(zone->covers("a", Type::A));
  EXPECT_TRUE(zone->covers("b", Type::TXT));
  EXPECT_TRUE(zone->covers("gone", Type::MX));
  EXPECT_TRUE(zone->covers("slow", Type::A));
  EXPECT_FALSE(zone->covers("slow", Type::TXT));
  EXPECT_TRUE(zone->covers("all", Type::TXT));
  EXPECT_FALSE(zone->covers("x.w", Type::TXT));
  EXPECT_FALSE(zone->covers("w", Type::TXT));
}

TEST(ZoneResolver, AnswersAsTheZoneAndKeepsWhatWasParsed) {
  const auto resolver = make_zone_resolver(zone_of("a TXT x\n$DELAY a 1"));
  const AnswerPtr first = query(*resolver, "a", Type::TXT);
  EXPECT_EQ(told(*first), "records \"x\"");
  EXPECT_EQ(first->server, "zone");
  EXPECT_FALSE(first->from_cache);
  EXPECT_EQ(first->elapsed, std::chrono::milliseconds(1));
  first->parsed = 7;
  EXPECT_EQ(std::any_cast<int>(query(*resolver, "a", Type::TXT)->parsed), 7);
}

}  // namespace
}  // namespace mailassay::dns::test
