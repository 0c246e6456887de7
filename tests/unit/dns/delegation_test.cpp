#include "dns/delegation.h"

#include "dns/lasting.h"
#include "scripted_resolver.h"
#include "support.h"

#include <boost/asio/co_spawn.hpp>

namespace mailassay::dns::test {
namespace {

bool asked(const std::string& ip) {
  return may_be_asked(net::IpAddress::parse(ip).value());
}

TEST(MayBeAsked, HostsOfTheInternetAlone) {
  for (const auto* ip : {"9.9.9.9", "198.41.0.4", "2620:fe::fe", "2001:500:2::c", "172.32.0.1", "192.0.1.1"})
    EXPECT_TRUE(asked(ip)) << ip;
  for (const auto* ip : {"127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
                         "100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255",
                         "192.0.0.8", "192.0.2.1", "198.18.0.1", "192.88.99.1"})
    EXPECT_FALSE(asked(ip)) << ip;
  for (const auto* ip :
       {"::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:7f00:1::1", "100::1"})
    EXPECT_FALSE(asked(ip)) << ip;
}

TEST(Delegation, AddressesOfDifferentServersComeFirst) {
  boost::asio::io_context context;
  std::string zone = "example NS ns1.example\n";
  for (const auto* name : {"ns1", "ns2", "ns3"})
    for (const auto* data : {"A 9.9.9.1", "A 9.9.9.2", "AAAA 2620:fe::1"})
      zone += std::string(name) + ".example " + data + "\n";
  ScriptedResolver resolver(context, zone_of(zone));
  const Delegation delegation{"example", {"ns1.example", "ns2.example", "ns3.example"}, {}};
  const auto found = mailassay::test::run(addresses_of(resolver, delegation, false), context);
  std::string told;
  for (const auto& address : found.usable) told += address.name + "=" + address.ip.to_string() + " ";
  EXPECT_EQ(told, "ns1.example=9.9.9.1 ns1.example=2620:fe::1 ns2.example=9.9.9.1 ns2.example=2620:fe::1 ");
}

TEST(Lasting, OwnerMayGoWithAQuestionUnderWay) {
  boost::asio::io_context context;
  auto inner = std::make_shared<ScriptedResolver>(context, zone_of("example TXT \"here\"\n"));
  inner->held = true;
  auto* scripted = inner.get();
  const std::weak_ptr<Resolver> watched = inner;
  auto lasting = make_lasting(std::move(inner));
  AnswerPtr answer;
  boost::asio::co_spawn(context, lasting->query("example", Type::TXT),
                        [&](std::exception_ptr, AnswerPtr given) { answer = std::move(given); });
  context.poll();
  lasting.reset();
  ASSERT_FALSE(watched.expired());
  scripted->release();
  context.restart();
  context.run();
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(told(*answer), "records \"here\"");
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace mailassay::dns::test
