#include "advice/reachability.h"

#include "dns/zone.h"
#include "support/run.h"

#include <gtest/gtest.h>

namespace mailassay::advice {
namespace {

net::IpAddress ip(std::string_view text) {
  return net::IpAddress::parse(text).value();
}

Surroundings surroundings(std::string domain) {
  Surroundings known;
  known.domain = std::move(domain);
  known.own_addresses = {ip("127.0.0.1"), ip("192.0.2.10")};
  known.listening = {{ip("::"), 25}};
  return known;
}

boost::json::object look(Surroundings known, std::string_view zone_text) {
  const auto zone = *dns::Zone::parse(zone_text);
  const auto resolver = dns::make_zone_resolver(zone);
  return test::run(reachability(std::move(known), *resolver));
}

std::string codes(const boost::json::object& known) {
  std::string text;
  for (const auto& finding : known.at("findings").as_array())
    text += std::string(finding.at("level").as_string()) + ":" + std::string(finding.at("code").as_string()) +
            " ";
  return text;
}

TEST(Reachability, MxThatLeadsHere) {
  const auto known = look(surroundings("ld.example.org"),
                          "ld.example.org MX 10 mx.example.org\nmx.example.org A 192.0.2.10\n");
  EXPECT_EQ(codes(known), "ok:mx_leads_here ok:listening hint:never_connected hint:firewall_hint ");
  EXPECT_TRUE(known.at("mx").at(0).at("leads_here").as_bool());
  EXPECT_EQ(known.at("mx_status").as_string(), "records");
}

TEST(Reachability, MxThatLeadsElsewhereNamesItsAddress) {
  const auto known = look(surroundings("ld.example.org"),
                          "ld.example.org MX 10 mx.example.org\nmx.example.org A 198.51.100.9\n");
  EXPECT_EQ(codes(known).substr(0, 21), "problem:mx_elsewhere ");
  EXPECT_EQ(known.at("findings").at(0).at("addresses").at(0).as_string(), "198.51.100.9");
}

TEST(Reachability, WithoutMxTheAddressCounts) {
  EXPECT_EQ(codes(look(surroundings("ld.example.org"), "ld.example.org A 192.0.2.10\n")).substr(0, 39),
            "problem:no_mx ok:address_leads_here ok:");
  EXPECT_NE(codes(look(surroundings("ld.example.org"), "other.example.org A 192.0.2.10\n"))
                .find("problem:no_address"),
            std::string::npos);
}

TEST(Reachability, DnsFailureIsNotAnAbsentMx) {
  EXPECT_EQ(codes(look(surroundings("ld.example.org"), "$SERVFAIL ld.example.org\n")).substr(0, 18),
            "problem:dns_failed");
}

TEST(Reachability, ReservedDomainAndLoopbackSocketReachLocalAppsAlone) {
  auto known = surroundings("mailassay.test");
  known.listening = {{ip("127.0.0.1"), 2525}};
  EXPECT_EQ(codes(look(known, "a.test A 1.2.3.4\n")).substr(0, 51),
            "hint:reserved_domain problem:not_listening_outside ");
}

TEST(Reachability, VisitorsAndRefusalsAreTold) {
  auto known = surroundings("mailassay.test");
  known.last_outside_at = "2026-11-24T02:00:00Z";
  known.last_outside_ip = "198.51.100.x";
  known.refused = {{"2026-11-24T02:00:01Z", "198.51.100.x", 550, "5.1.1 no such inbox"}};
  const auto seen = look(known, "a.test A 1.2.3.4\n");
  EXPECT_NE(codes(seen).find("ok:connected_lately hint:refused_lately"), std::string::npos);
  EXPECT_EQ(seen.at("last_outside_connection").at("ip").as_string(), "198.51.100.x");
  EXPECT_EQ(seen.at("findings").as_array().back().at("reply").as_string(), "550 5.1.1 no such inbox");
}

TEST(Masked, KeepsTheNetwork) {
  EXPECT_EQ(masked(ip("198.51.100.7")), "198.51.100.x");
  EXPECT_EQ(masked(ip("2001:db8:1:2::3")), "2001:db8:1:x");
}

}  // namespace
}  // namespace mailassay::advice
