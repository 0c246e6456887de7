// The zones' own servers asked over real sockets: each on an address of loopback, all on one port.
#include "dns/authoritative_resolver.h"

#include "dns/cache.h"
#include "dns_server.h"
#include "scripted_resolver.h"
#include "support.h"

#include <atomic>
#include <deque>

namespace mailassay::dns::test {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

Octets text(const std::string& string) {
  Octets data{static_cast<std::uint8_t>(string.size())};
  data.insert(data.end(), string.begin(), string.end());
  return data;
}

Octets txt(const Question& q, const std::string& string, std::uint32_t ttl = 60) {
  return Reply(q).own(true).answer(q.name, 16, text(string), ttl);
}

// Who answered, and why a resolver did.
std::string who(const AnswerPtr& answer) {
  return answer->server + (answer->instead.empty() ? "" : " (" + answer->instead + ")");
}

// The world of one test: what a resolver on loopback says, and zones' servers from 127.0.0.2 on.
class World {
 public:
  explicit World(const std::string& resolver_zone) : resolver(context, zone_of(resolver_zone)) {}

  // The next server: 127.0.0.2, 127.0.0.3, …
  DnsServer& serve(DnsServer::Handler handler) {
    const std::string ip = "127.0.0." + std::to_string(servers.size() + 2);
    return servers.emplace_back(std::move(handler), ip, servers.empty() ? 0 : servers.front().port());
  }

  Resolver& authoritative() {
    if (made) return *made;
    if (!servers.empty()) options.port = servers.front().port();
    cache = make_cache(context.get_executor(), resolver);
    made = make_authoritative_resolver(context.get_executor(), *cache, options);
    return *made;
  }
  AnswerPtr ask(std::string name, Type type = Type::TXT) {
    return mailassay::test::run(authoritative().query(std::move(name), type), context);
  }
  std::string port() const { return ":" + std::to_string(servers.front().port()); }

  asio::io_context context;
  ScriptedResolver resolver;
  AuthoritativeOptions options{.allow_private = true, .timeout = milliseconds(150)};
  std::deque<DnsServer> servers;
  std::unique_ptr<Resolver> cache;
  std::unique_ptr<Resolver> made;
};

const std::string kOneServer =
    "example.com NS ns1.example.com\nns1.example.com A 127.0.0.2\nexample.com TXT \"old\"\n";
const std::string kTwoServers =
    kOneServer + "example.com NS ns2.example.com\nns2.example.com A 127.0.0.3\na.example.com TXT \"old\"\n";

TEST(AuthoritativeResolver, AsksTheZonesOwnServerNotTheResolver) {
  World world(kOneServer);
  auto& server = world.serve([](const Question& q) { return txt(q, "new", 300); });
  const AnswerPtr answer = world.ask("example.com");
  EXPECT_EQ(told(*answer), "records \"new\"");
  EXPECT_EQ(answer->ttl, 300U);
  EXPECT_EQ(who(answer), "ns1.example.com " + server.address());
  EXPECT_TRUE(answer->authoritative);
  EXPECT_GT(answer->elapsed.count(), 0);
  const auto asked = server.questions().at(0);
  EXPECT_EQ(asked.octets[2] & 0x01, 0);  // no recursion
  EXPECT_TRUE(asked.edns);
}

TEST(AuthoritativeResolver, TheClosestZoneAboveTheNameIsAsked) {
  World world(kOneServer + "sub.example.com NS ns.sub.example.com\nns.sub.example.com A 127.0.0.3\n" +
              "www.example.com CNAME other.example\nother.example NS ns.other.example\n");
  auto& above = world.serve([](const Question& q) { return txt(q, "above"); });
  auto& below = world.serve([](const Question& q) { return txt(q, "below"); });
  EXPECT_EQ(told(*world.ask("a.b.sub.example.com")), "records \"below\"");
  // The NS records at the end of an alias are another zone's.
  EXPECT_EQ(told(*world.ask("www.example.com")), "records \"above\"");
  EXPECT_EQ(above.questions().size(), 1U);
  EXPECT_EQ(below.questions().size(), 1U);
}

Octets refer(const Question& q, const std::string& zone, const std::string& server, std::uint8_t last_octet) {
  Reply reply(q);
  reply.own(false).authority(zone, 2, name_octets(server), 60);
  if (last_octet != 0) reply.additional(server, 1, {127, 0, 0, last_octet});
  return reply;
}

TEST(AuthoritativeResolver, ReferralIsFollowedByItsGlue) {
  World world(kOneServer);  // the resolver knows nothing of the new delegation yet
  auto& parent =
      world.serve([](const Question& q) { return refer(q, "sub.example.com", "ns.sub.example.com", 3); });
  world.serve([](const Question& q) { return txt(q, "from below"); });
  const AnswerPtr answer = world.ask("key.sub.example.com");
  EXPECT_EQ(told(*answer), "records \"from below\"");
  EXPECT_EQ(answer->server, "ns.sub.example.com 127.0.0.3" + world.port());
  EXPECT_EQ(parent.questions().size(), 1U);
  EXPECT_FALSE(world.resolver.asked.contains("ns.sub.example.com"));
}

TEST(AuthoritativeResolver, ReferralWithoutGlueIsFollowedByTheResolver) {
  World world(kOneServer + "ns.elsewhere.example A 127.0.0.3\n");
  world.serve([](const Question& q) { return refer(q, "sub.example.com", "ns.elsewhere.example", 0); });
  world.serve([](const Question& q) { return txt(q, "from below"); });
  EXPECT_EQ(told(*world.ask("sub.example.com")), "records \"from below\"");
}

TEST(AuthoritativeResolver, GlueOutsideTheZoneIsNotBelieved) {
  World world(kOneServer + "ns.victim.example A 127.0.0.4\n");
  world.serve([](const Question& q) { return refer(q, "sub.example.com", "ns.victim.example", 3); });
  auto& forged = world.serve([](const Question& q) { return txt(q, "forged"); });
  world.serve([](const Question& q) { return txt(q, "true"); });
  EXPECT_EQ(told(*world.ask("sub.example.com")), "records \"true\"");
  EXPECT_TRUE(forged.questions().empty());
}

TEST(AuthoritativeResolver, ReferralUpOrSidewaysIsLame) {
  for (const std::string zone : {"com", "example.com", "other.example.com"}) {
    World world(kTwoServers);
    auto& lame = world.serve([&](const Question& q) { return refer(q, zone, "ns.trap.example", 0); });
    world.serve([](const Question& q) { return txt(q, "right"); });
    EXPECT_EQ(told(*world.ask("a.example.com")), "records \"right\"") << zone;
    EXPECT_EQ(lame.questions().size(), 1U);
  }
}

TEST(AuthoritativeResolver, ServerWithoutAuthorityIsPassedOver) {
  World world(kTwoServers);
  auto& lame = world.serve([](const Question& q) { return Reply(q).answer(q.name, 16, text("cached")); });
  auto& right = world.serve([](const Question& q) { return txt(q, "right"); });
  const AnswerPtr answer = world.ask("a.example.com");
  EXPECT_EQ(told(*answer), "records \"right\"");
  EXPECT_EQ(answer->server, "ns2.example.com " + right.address());
  EXPECT_EQ(lame.questions().size(), 1U);
}

TEST(AuthoritativeResolver, WithoutAnyAuthorityTheResolverAnswersAndIsNamed) {
  World world(kTwoServers);
  for (int i = 0; i < 2; ++i)
    world.serve([](const Question& q) { return Reply(q).answer(q.name, 16, text("cached")); });
  const AnswerPtr answer = world.ask("a.example.com");
  EXPECT_EQ(told(*answer), "records \"old\"");
  EXPECT_EQ(who(answer), "resolver live (not_authoritative)");
  EXPECT_FALSE(answer->authoritative);
}

TEST(AuthoritativeResolver, FailingServersAreTriedInTurn) {
  for (const std::uint8_t rcode : {2, 5, 4}) {
    World world(kTwoServers);
    auto& failing = world.serve([&](const Question& q) { return Reply(q, rcode).own(true); });
    world.serve([](const Question& q) { return txt(q, "right"); });
    EXPECT_EQ(told(*world.ask("a.example.com")), "records \"right\"") << int(rcode);
    EXPECT_EQ(failing.questions().size(), 1U);
  }
}

TEST(AuthoritativeResolver, FailuresStayApart) {
  World world(
      "servfail.example NS ns.servfail.example\nns.servfail.example A 127.0.0.2\n"
      "refused.example NS ns.refused.example\nns.refused.example A 127.0.0.3\n"
      "silent.example NS ns.silent.example\nns.silent.example A 127.0.0.4\n");
  world.serve([](const Question& q) { return Reply(q, 2).own(true); });
  world.serve([](const Question& q) { return Reply(q, 5).own(false); });
  auto& silent = world.serve([](const Question&) { return Octets(); });
  EXPECT_EQ(told(*world.ask("servfail.example")), "servfail");
  const AnswerPtr refused = world.ask("refused.example");
  EXPECT_EQ(told(*refused), "refused");
  EXPECT_EQ(refused->rcode, 5);
  EXPECT_EQ(refused->server, "ns.refused.example 127.0.0.3" + world.port());
  EXPECT_EQ(told(*world.ask("silent.example")), "timeout");
  EXPECT_EQ(silent.questions().size(), 2U);  // the only server: once more, since packets get lost
}

TEST(AuthoritativeResolver, SilentServerIsAskedOnceInARun) {
  World world(kTwoServers);
  auto& silent = world.serve([](const Question&) { return Octets(); });
  world.serve([](const Question& q) { return txt(q, "right"); });
  for (const auto* name : {"a.example.com", "b.example.com", "c.example.com"})
    EXPECT_EQ(told(*world.ask(name)), "records \"right\"");
  EXPECT_EQ(silent.questions().size(), 1U);
}

TEST(AuthoritativeResolver, WhereNobodyOutsideAnswersTheResolverDoes) {
  World world(kTwoServers);
  auto& first = world.serve([](const Question&) { return Octets(); });
  world.serve([](const Question&) { return Octets(); });
  const AnswerPtr answer = world.ask("a.example.com");
  EXPECT_EQ(told(*answer), "records \"old\"");
  EXPECT_EQ(who(answer), "resolver live (unreachable)");
  EXPECT_EQ(who(world.ask("example.com")), "resolver live (unreachable)");
  EXPECT_EQ(first.questions().size(), 1U);
}

TEST(AuthoritativeResolver, TruncatedAnswerIsFetchedByTcp) {
  World world(kOneServer);
  auto& server = world.serve([](const Question& q) -> Octets {
    if (!q.over_tcp) return Reply(q).own(true).flag(0x0200);
    Reply reply(q);
    reply.own(true);
    for (int i = 0; i < 100; ++i) reply.answer(q.name, 16, text(std::string(200, 'x') + std::to_string(i)));
    return reply;
  });
  const AnswerPtr answer = world.ask("example.com");
  EXPECT_EQ(answer->records.size(), 100U);
  EXPECT_TRUE(answer->over_tcp);
  EXPECT_TRUE(answer->authoritative);
  EXPECT_EQ(server.questions().back().octets[2] & 0x01, 0);
}

TEST(AuthoritativeResolver, ServerWithoutTcpIsAskedOtherThingsStill) {
  World world(kOneServer);
  world.serve([](const Question& q) -> Octets {
    if (q.over_tcp) return {};
    return q.name == "big.example.com" ? Octets(Reply(q).own(true).flag(0x0200)) : txt(q, "small");
  });
  EXPECT_EQ(told(*world.ask("big.example.com")), "timeout");
  EXPECT_EQ(told(*world.ask("small.example.com")), "records \"small\"");
}

const std::string kTwoZones =
    kOneServer + "other.example NS ns.other.example\nns.other.example A 127.0.0.3\n";

TEST(AuthoritativeResolver, CnameIntoAnotherZoneIsAskedThere) {
  World world(kTwoZones);
  world.serve([](const Question& q) {
    // What this zone's server says of the other one is not its to say.
    return Reply(q, 3)
        .own(true)
        .cname(q.name, "key.other.example", 20)
        .answer("key.other.example", 16, text("forged"), 1);
  });
  auto& other = world.serve([](const Question& q) { return txt(q, "right", 90); });
  const AnswerPtr answer = world.ask("s1._domainkey.example.com");
  EXPECT_EQ(told(*answer), "records \"right\"");
  EXPECT_EQ(answer->aliases, std::vector<std::string>{"key.other.example"});
  EXPECT_EQ(answer->ttl, 20U);
  EXPECT_EQ(answer->name, "s1._domainkey.example.com");
  EXPECT_EQ(answer->server, "ns.other.example " + other.address());
}

TEST(AuthoritativeResolver, CnameWithinTheZoneIsTakenAsAnswered) {
  World world(kOneServer);
  auto& server = world.serve([](const Question& q) {
    return Reply(q).own(true).cname(q.name, "b.example.com").answer("b.example.com", 16, text("b"));
  });
  EXPECT_EQ(told(*world.ask("a.example.com")), "records \"b\"");
  EXPECT_EQ(server.questions().size(), 1U);
}

TEST(AuthoritativeResolver, CnameLoopAcrossZonesEnds) {
  World world(kTwoZones);
  auto& one =
      world.serve([](const Question& q) { return Reply(q).own(true).cname(q.name, "b.other.example"); });
  auto& two =
      world.serve([](const Question& q) { return Reply(q).own(true).cname(q.name, "a.example.com"); });
  EXPECT_EQ(told(*world.ask("a.example.com")), "servfail");
  EXPECT_EQ(one.questions().size() + two.questions().size(), 2U);
}

TEST(AuthoritativeResolver, EndlessChainEnds) {
  World world(kTwoZones);
  std::atomic<int> number = 0;  // two servers, a thread each
  const auto lead_on = [&](const Question& q) {
    const std::string zone = q.name.ends_with("example.com") ? ".other.example" : ".example.com";
    return Reply(q).own(true).cname(q.name, "n" + std::to_string(++number) + zone);
  };
  world.serve(lead_on);
  world.serve(lead_on);
  EXPECT_EQ(told(*world.ask("a.example.com")), "servfail");
  EXPECT_EQ(number, 8);
}

TEST(AuthoritativeResolver, NxdomainAndNoDataWithTheSoasTime) {
  World world(kOneServer);
  world.serve([](const Question& q) {
    return Reply(q, q.name == "none.example.com" ? 3 : 0).own(true).soa("example.com", 600, 45);
  });
  const AnswerPtr none = world.ask("none.example.com");
  EXPECT_EQ(told(*none), "nxdomain");
  EXPECT_EQ(none->ttl, 45U);
  EXPECT_TRUE(none->authoritative);
  EXPECT_EQ(told(*world.ask("bare.example.com")), "no_data");
}

TEST(AuthoritativeResolver, SpecialAddressesGetNothingOutsideTests) {
  World world(kOneServer + "mixed.example NS ns.mixed.example\nns.mixed.example A 10.0.0.1\n" +
              "ns.mixed.example AAAA ::1\nmixed.example TXT \"mixed\"\n");
  auto& server = world.serve([](const Question& q) { return txt(q, "new"); });
  world.options.allow_private = AuthoritativeOptions{}.allow_private;
  const AnswerPtr answer = world.ask("example.com");
  EXPECT_EQ(told(*answer), "records \"old\"");
  EXPECT_EQ(who(answer), "resolver live (special_address)");
  EXPECT_EQ(who(world.ask("mixed.example")), "resolver live (special_address)");
  EXPECT_TRUE(server.questions().empty());
}

TEST(AuthoritativeResolver, GlueAtASpecialAddressGetsNothingEither) {
  World world(kOneServer + "key.sub.example.com TXT \"old\"\n");
  world.serve([](const Question& q) { return refer(q, "sub.example.com", "ns.sub.example.com", 3); });
  auto& inside = world.serve([](const Question& q) { return txt(q, "inside"); });
  world.options.allow_private = false;
  EXPECT_EQ(who(world.ask("key.sub.example.com")), "resolver live (special_address)");
  EXPECT_TRUE(inside.questions().empty());
}

TEST(AuthoritativeResolver, WithoutServersOrAddressesTheResolverAnswers) {
  World world("lost.example NS ns.lost.example\nlost.example TXT \"lost\"\nbare.example TXT \"bare\"\n");
  const AnswerPtr lost = world.ask("lost.example");
  EXPECT_EQ(told(*lost), "records \"lost\"");
  EXPECT_EQ(who(lost), "resolver live (no_address)");
  EXPECT_EQ(who(world.ask("bare.example")), "resolver live (no_name_server)");
  EXPECT_EQ(told(*world.ask("a..example")), "bad_name");
}

TEST(AuthoritativeResolver, ExchangesAreBounded) {
  World world(kOneServer);
  auto& server = world.serve([](const Question& q) { return txt(q, "new"); });
  world.options.exchanges = 4;
  for (int i = 0; i < 10; ++i) world.ask("n" + std::to_string(i) + ".example.com");
  EXPECT_LE(server.questions().size(), 4U);
  EXPECT_GE(server.questions().size(), 3U);
  EXPECT_EQ(who(world.ask("example.com")), "resolver live (too_many_questions)");
}

TEST(AuthoritativeResolver, LongNamesAskTheResolverAboutTheirEndAlone) {
  World world(kOneServer);
  world.serve([](const Question& q) { return txt(q, "new"); });
  std::string name = "example.com";
  for (int i = 0; i < 60; ++i) name = "x." + name;
  EXPECT_EQ(told(*world.ask(name)), "records \"new\"");
  EXPECT_LT(world.resolver.asked.size(), 15U);
}

}  // namespace
}  // namespace mailassay::dns::test
