// Master-file lines, letter by letter (RFC 1035 section 5.1).
#include "support.h"

namespace mailassay::dns::test {
namespace {

std::string strings_of(std::string_view text, const std::string& name = "a") {
  const Answer answer = zone_of(text)->answer(name, Type::TXT);
  std::string joined;
  for (const auto& record : answer.records)
    for (const auto& string : std::get<std::vector<std::string>>(record.data)) joined += '[' + string + ']';
  return joined;
}

TEST(ZoneFile, RecordsOfEachType) {
  const auto zone = zone_of(R"(
example.com 300 IN A 192.0.2.1
example.com IN 300 AAAA 2001:db8::1
example.com. MX 10 mail.example.com.
example.com ns ns1.example.com
example.com TXT "v=spf1 -all"
example.com SOA ns1.example.com. admin.example.com. 1 2 3 4 5
1.2.0.192.in-addr.arpa PTR mail.example.com
www.example.com CNAME example.com
example.com CAA 0 issue "ca.example"
old.example.com SPF "v=spf1 +all"
)");
  EXPECT_EQ(told(*zone, "example.com", Type::A), "records 192.0.2.1");
  EXPECT_EQ(told(*zone, "EXAMPLE.com.", Type::AAAA), "records 2001:db8::1");
  EXPECT_EQ(told(*zone, "example.com", Type::MX), "records 10 mail.example.com.");
  EXPECT_EQ(told(*zone, "example.com", Type::NS), "records ns1.example.com.");
  EXPECT_EQ(told(*zone, "example.com", Type::TXT), "records \"v=spf1 -all\"");
  EXPECT_EQ(told(*zone, "example.com", Type::SOA), "records ns1.example.com. admin.example.com. 1 2 3 4 5");
  EXPECT_EQ(told(*zone, "1.2.0.192.in-addr.arpa", Type::PTR), "records mail.example.com.");
  EXPECT_EQ(told(*zone, "www.example.com", Type::CNAME), "records example.com.");
  EXPECT_EQ(told(*zone, "example.com", static_cast<Type>(257)), "records 0 issue \"ca.example\"");
  EXPECT_EQ(told(*zone, "old.example.com", Type::TXT), "no_data");
  EXPECT_EQ(told(*zone, "old.example.com", static_cast<Type>(99)), "records \"v=spf1 +all\"");
}

TEST(ZoneFile, TtlOfTheRecordTheFileOrTheDefault) {
  const auto zone = zone_of("a A 192.0.2.1\n$TTL 1h30m\nb A 192.0.2.1\nc 7 A 192.0.2.1\nc 5 A 192.0.2.2\n");
  EXPECT_EQ(zone->answer("a", Type::A).ttl, 300U);
  EXPECT_EQ(zone->answer("b", Type::A).ttl, 5400U);
  EXPECT_EQ(zone->answer("c", Type::A).ttl, 5U);  // the least of the set
}

TEST(ZoneFile, OriginCompletesRelativeNames) {
  const auto zone = zone_of(R"($ORIGIN example.com.
@     MX 10 mail
mail  A 192.0.2.1
$ORIGIN sub
x     A 192.0.2.2
abs.example.org. A 192.0.2.3
)");
  EXPECT_EQ(told(*zone, "example.com", Type::MX), "records 10 mail.example.com.");
  EXPECT_EQ(told(*zone, "mail.example.com", Type::A), "records 192.0.2.1");
  EXPECT_EQ(told(*zone, "x.sub.example.com", Type::A), "records 192.0.2.2");
  EXPECT_EQ(told(*zone, "abs.example.org", Type::A), "records 192.0.2.3");
}

TEST(ZoneFile, RelativeNamesEndAtTheRoot) {
  EXPECT_EQ(told(*zone_of("a.example MX 5 b.example"), "a.example", Type::MX), "records 5 b.example.");
}

TEST(ZoneFile, BlankOwnerRepeatsThePrevious) {
  const auto zone = zone_of("a A 192.0.2.1\n  AAAA 2001:db8::1\n\n; note\n\tTXT x\n");
  EXPECT_EQ(told(*zone, "a", Type::AAAA), "records 2001:db8::1");
  EXPECT_EQ(told(*zone, "a", Type::TXT), "records \"x\"");
}

TEST(ZoneFile, ParenthesesJoinLinesAsOpendkimGenkeyWritesThem) {
  EXPECT_EQ(
      strings_of("a\tIN\tTXT\t( \"v=DKIM1; k=rsa; \"\n\t  \"p=MIGf\"\n\t  \"QAB\" )  ; ----- DKIM key a\n"),
      "[v=DKIM1; k=rsa; ][p=MIGf][QAB]");
  EXPECT_EQ(told(*zone_of("a SOA n. h. ( 1 ; serial\n 2\n 3\n 4 5 )"), "a", Type::SOA),
            "records n. h. 1 2 3 4 5");
}

TEST(ZoneFile, QuotesEscapesAndComments) {
  EXPECT_EQ(strings_of(R"(a TXT "semi;colon" plain;comment)"), "[semi;colon][plain]");
  EXPECT_EQ(strings_of(R"(a TXT "quote\"in" "back\\slash" "\065\066C" two\ words)"),
            "[quote\"in][back\\slash][ABC][two words]");
  EXPECT_EQ(strings_of(R"(a TXT "" "(")"), "[][(]");
  EXPECT_EQ(strings_of("a TXT \"one\"\"two\""), "[one][two]");
  EXPECT_EQ(strings_of("\xef\xbb\xbf"
                       "a TXT x\r\n"),
            "[x]");
}

TEST(ZoneFile, EscapesInNames) {
  const auto zone = zone_of("first\\.last.example A 192.0.2.1\n\\097\\046b.example A 192.0.2.2\n");
  EXPECT_EQ(told(*zone, "first\\.last.example", Type::A), "records 192.0.2.1");
  EXPECT_EQ(told(*zone, "first.last.example", Type::A), "nxdomain");
  EXPECT_EQ(told(*zone, "a\\.b.example", Type::A), "records 192.0.2.2");
}

TEST(ZoneFile, SeveralRecordsMakeASetAndTwinsAreOne) {
  const auto zone = zone_of("a TXT one\nA TXT two\na. TXT one\n");
  EXPECT_EQ(told(*zone, "a", Type::TXT), "records \"one\" \"two\"");
}

TEST(ZoneFile, NullMx) {
  const Answer answer = zone_of("a MX 0 .")->answer("a", Type::MX);
  ASSERT_EQ(answer.records.size(), 1U);
  EXPECT_EQ(answer.records[0].mx().host, "");
  EXPECT_EQ(answer.records[0].to_string(), "0 .");
}

struct Fault {
  const char* text;
  const char* error;  // how it begins
};

class ZoneFault : public testing::TestWithParam<Fault> {};

TEST_P(ZoneFault, IsNamedWithItsLineAndFix) {
  const std::string fault = fault_of(GetParam().text);
  EXPECT_TRUE(fault.starts_with(GetParam().error)) << fault;
}

const std::string kLong = "\na TXT \"" + std::string(256, 'x') + "\"";

INSTANTIATE_TEST_SUITE_P(
    Lines, ZoneFault,
    testing::Values(
        Fault{"a A 192.0.2.1\na A 192.0.2.1 192.0.2.2", "2: '192.0.2.2' is left over after the A record"},
        Fault{"a MX 10 m.example extra", "1: 'extra' is left over after the MX record"},
        Fault{"a CNAME b c", "1: 'c' is left over after the CNAME record"},
        Fault{"a SOA n. h. 1 2 3 4 5 6",
              "1: the data of the SOA record is not valid (Syntax error, superfluous"},
        Fault{"a CAA 0 issue x y", "1: the data of the TYPE257 record is not valid"},
        Fault{"a SOA n. h. 1 2", "1: the data of the SOA record is not valid"},
        Fault{"a MX mail.example", "1: MX needs more data: write 'MX 10 mail.example.com.'"},
        Fault{"a MX ten mail.example", "1: MX preference 'ten' is not a number"},
        Fault{"a MX 65536 mail.example", "1: MX preference '65536' is not a number"},
        Fault{"a A 2001:db8::1", "1: '2001:db8::1' is not an IPv4 address"},
        Fault{"a AAAA 192.0.2.1", "1: '192.0.2.1' is not an IPv6 address"},
        Fault{"a A", "1: A needs more data"}, Fault{"a TXT", "1: TXT needs a string"},
        Fault{"a", "1: no record type after 'a'"}, Fault{"a 300 IN", "1: no record type after 'a'"},
        Fault{"a BOGUS x", "1: 'BOGUS' is not a record type"},
        Fault{"a ANY x", "1: 'ANY' is not a record type"},
        Fault{"a CH TXT x", "1: class CH: only IN is served"},
        Fault{"a 99999999999 A 192.0.2.1", "1: TTL '99999999999' is not a number"},
        Fault{"a 1x A 192.0.2.1", "1: TTL '1x' is not a number"},
        Fault{"\n  A 192.0.2.1", "2: the line begins with a blank"},
        Fault{"@ A 192.0.2.1", "1: '@' stands for $ORIGIN"},
        Fault{"a..b A 192.0.2.1", "1: 'a..b' is not a domain name"},
        Fault{"\"a\" A 192.0.2.1", "1: the name \"a\" is in quotes"},
        Fault{"a\\300 A 192.0.2.1", "1: bad escape in the name"},
        Fault{"a TXT \"\\999\"", "1: bad escape in"},
        Fault{"\n\na TXT \"open\nb TXT x", "3: a quoted string is not closed"},
        Fault{"a TXT (\n x\n", "1: this '(' is never closed"}, Fault{"a TXT x )", "1: ')' without a '('"},
        Fault{kLong.c_str(), "2: a string of 256 octets"},
        Fault{"a CNAME b\na TXT x", "2: 'a' has a CNAME and other"},
        Fault{"a TXT x\na CNAME b", "2: 'a' has a CNAME and other"},
        Fault{"a CNAME b\na CNAME c", "2: 'a' has two"},
        Fault{"$INCLUDE x", "1: '$INCLUDE' is not a directive"},
        Fault{"$ORIGIN", "1: $ORIGIN takes one name"}, Fault{"$TTL soon", "1: $TTL takes one number"},
        Fault{"$TIMEOUT", "1: $TIMEOUT takes a name"},
        Fault{"$TIMEOUT a BOGUS", "1: 'BOGUS' is not a record type"},
        Fault{"$NODATA a", "1: $NODATA takes a name"},
        Fault{"$NXDOMAIN a TXT", "1: $NXDOMAIN takes one name"},
        Fault{"$DELAY a soon", "1: $DELAY takes a name"},
        Fault{"$DELAY a 600001", "1: $DELAY takes a name"}));

}  // namespace
}  // namespace mailassay::dns::test
