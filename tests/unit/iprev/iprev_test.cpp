#include "evaluation/iprev/iprev.h"

#include "dns/zone.h"
#include "support/run.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace mailassay::iprev {
namespace {

struct Judged {
  Outcome outcome;
  std::vector<trace::Step> steps;

  std::string text() const {
    std::string text(evaluation::to_string(outcome.result));
    for (const auto& name : outcome.names) text += " " + name;
    return outcome.cause.empty() ? text : text + " " + outcome.cause;
  }
  int count(std::string_view kind) const {
    return static_cast<int>(
        std::count_if(steps.begin(), steps.end(), [kind](const auto& step) { return step.kind == kind; }));
  }
};

Judged judge(std::string_view zone, std::string_view ip = "192.0.2.1") {
  const auto resolver = dns::make_zone_resolver(*dns::Zone::parse(zone));
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto address = net::IpAddress::parse(ip).value();
  auto outcome = test::run(check(address, *resolver, {&recorder, trace::Phase::iprev}, limits));
  return {std::move(outcome), recorder.steps()};
}

const std::string kPtr = "1.2.0.192.in-addr.arpa PTR mail.example.com.\n";

TEST(Iprev, PassesWhenNameAndAddressAgree) {
  const auto judged = judge(kPtr + "mail.example.com A 198.51.100.1\nmail.example.com A 192.0.2.1\n");
  EXPECT_EQ(judged.text(), "pass mail.example.com");
  EXPECT_EQ(judged.count("iprev.check"), 1);
  EXPECT_EQ(judged.count("iprev.names"), 1);
  EXPECT_EQ(judged.count("iprev.name"), 1);
  EXPECT_EQ(judged.count("dns.answer"), 2);
  EXPECT_EQ(judged.steps.back().kind, "iprev.result");
}

TEST(Iprev, AsksForIpv6AddressesOfIpv6Clients) {
  const auto name = net::IpAddress::parse("2001:db8::1")->reverse_name();
  const auto zone = name + " PTR six.example.\nsix.example AAAA 2001:db8::1\nsix.example A 192.0.2.1\n";
  EXPECT_EQ(judge(zone, "2001:db8::1").text(), "pass six.example");
}

TEST(Iprev, FailsWhenTheyDisagreeOrTheForwardAnswerIsEmpty) {
  EXPECT_EQ(judge(kPtr + "mail.example.com A 198.51.100.1\n").text(), "fail no_name_confirmed");
  EXPECT_EQ(judge(kPtr).text(), "fail no_name_confirmed");
  EXPECT_EQ(judge(kPtr + "mail.example.com AAAA ::1\n").text(), "fail no_name_confirmed");
}

TEST(Iprev, NoPtrIsAPermanentError) {
  EXPECT_EQ(judge("").text(), "permerror no_ptr");
  EXPECT_EQ(judge("1.2.0.192.in-addr.arpa TXT hello\n").text(), "permerror no_ptr");
}

TEST(Iprev, DnsTroubleIsATemporaryError) {
  EXPECT_EQ(judge("$TIMEOUT 1.2.0.192.in-addr.arpa\n").text(), "temperror dns_timeout");
  EXPECT_EQ(judge("$SERVFAIL 1.2.0.192.in-addr.arpa\n").text(), "temperror dns_servfail");
  EXPECT_EQ(judge(kPtr + "$SERVFAIL mail.example.com\n").text(), "temperror dns_servfail");
}

TEST(Iprev, OneConfirmedNameIsEnough) {
  const auto zone = kPtr +
                    "1.2.0.192.in-addr.arpa PTR slow.example.\n1.2.0.192.in-addr.arpa PTR liar.example.\n" +
                    "$TIMEOUT slow.example\nliar.example A 198.51.100.1\nmail.example.com A 192.0.2.1\n";
  EXPECT_EQ(judge(zone).text(), "pass mail.example.com");
}

TEST(Iprev, NamesBeyondTenAreIgnored) {
  std::string zone;
  for (int i = 0; i < 12; ++i)
    zone += "1.2.0.192.in-addr.arpa PTR n" + std::to_string(i) + ".example.\nn" + std::to_string(i) +
            ".example A 192.0.2.1\n";
  const auto judged = judge(zone);
  EXPECT_EQ(judged.outcome.names.size(), 10U);
  EXPECT_EQ(judged.count("dns.answer"), 11);
}

}  // namespace
}  // namespace mailassay::iprev
