// What an evaluation past the cache asks, of a DNS server on loopback.
#include "cli/dns_stack.h"

#include "support/run.h"
#include "unit/dns/dns_server.h"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace mailassay::cli {
namespace {

namespace asio = boost::asio;
using dns::Type;
using dns::test::DnsServer;
using dns::test::Octets;
using dns::test::Question;
using dns::test::Reply;

// Every name is an address whose last octet counts the answers; no name servers are known.
DnsServer::Handler counting(int& answers) {
  return [&answers](const Question& q) {
    if (q.type != 1) return Reply(q).soa("example", 60, 60);
    return Reply(q).a(q.name, static_cast<std::uint8_t>(++answers), 3600);
  };
}

DnsSource source_of(const DnsServer& server, const std::string& overlay = "") {
  DnsSource source;
  source.servers = {server.address()};
  if (!overlay.empty()) source.overlay = *dns::Zone::parse(overlay);
  return source;
}

class FreshDns : public testing::Test {
 protected:
  std::string ask(dns::Resolver& resolver, const std::string& name = "host.example") {
    const auto answer = test::run(resolver.query(name, Type::A), context);
    return answer->server + " " + (answer->records.empty() ? "-" : answer->records.front().to_string());
  }

  asio::io_context context;
  int answers = 0;
  DnsServer server{counting(answers)};
};

TEST_F(FreshDns, PassesTheCacheAndAsksOnceForOneEvaluation) {
  DnsStack stack(context.get_executor(), source_of(server));
  EXPECT_TRUE(ask(stack.resolver()).ends_with(" 192.0.2.1"));
  EXPECT_TRUE(ask(stack.resolver()).ends_with(" 192.0.2.1"));
  const auto fresh = stack.fresh();
  EXPECT_EQ(ask(*fresh.authoritative), "resolver " + server.address() + " 192.0.2.2");
  EXPECT_EQ(ask(*fresh.authoritative), "resolver " + server.address() + " 192.0.2.2");
  EXPECT_EQ(ask(*fresh.configured), server.address() + " 192.0.2.3");
  EXPECT_EQ(ask(*fresh.configured), server.address() + " 192.0.2.3");
  EXPECT_TRUE(ask(*stack.fresh().configured).ends_with(" 192.0.2.4"));
  EXPECT_TRUE(ask(stack.resolver()).ends_with(" 192.0.2.1"));
}

TEST_F(FreshDns, AnOverlayLiesOverBothSides) {
  DnsStack stack(context.get_executor(), source_of(server, "host.example A 198.51.100.1\n"));
  const auto fresh = stack.fresh();
  EXPECT_EQ(ask(*fresh.authoritative), "overlay 198.51.100.1");
  EXPECT_EQ(ask(*fresh.configured), "overlay 198.51.100.1");
  EXPECT_EQ(ask(*fresh.authoritative, "other.example"), "resolver " + server.address() + " 192.0.2.1");
}

TEST_F(FreshDns, AZoneAnswersAsItIs) {
  DnsSource source;
  source.zone = *dns::Zone::parse("host.example A 198.51.100.1\n");
  DnsStack stack(context.get_executor(), source);
  const auto fresh = stack.fresh();
  EXPECT_EQ(ask(*fresh.authoritative), "zone 198.51.100.1");
  EXPECT_EQ(ask(*fresh.configured), "zone 198.51.100.1");
}

// As when the deadline of an evaluation passes.
TEST(FreshDnsUnderWay, MayBeDroppedWithQuestionsAskedAhead) {
  DnsServer slow([](const Question& q) -> Octets {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Reply(q).soa("example", 60, 60);
  });
  for (const std::string overlay : {"", "*.over.example A 198.51.100.1\n"}) {
    asio::io_context context;
    DnsStack stack(context.get_executor(), source_of(slow, overlay));
    auto fresh = stack.fresh();
    fresh.authoritative->prefetch("ahead.example", Type::A);
    fresh.configured->prefetch("ahead.example", Type::A);
    dns::AnswerPtr answer;
    asio::co_spawn(context, fresh.authoritative->query("a.example", Type::A),
                   [&](std::exception_ptr, dns::AnswerPtr given) { answer = std::move(given); });
    context.poll();
    fresh = {};
    context.restart();
    context.run();
    ASSERT_NE(answer, nullptr);
    EXPECT_EQ(answer->status, dns::Status::no_data);
  }
}

// As when the server stops.
TEST(FreshDnsUnderWay, StackAndContextMayGoWithIt) {
  DnsServer silent([](const Question&) { return Octets(); });
  auto context = std::make_unique<asio::io_context>();
  auto stack = std::make_unique<DnsStack>(context->get_executor(), source_of(silent));
  auto fresh = stack->fresh();
  bool ended = false;
  fresh.configured->prefetch("ahead.example", Type::A);
  asio::co_spawn(*context, fresh.authoritative->query("a.example", Type::A),
                 [&](std::exception_ptr, const dns::AnswerPtr&) { ended = true; });
  EXPECT_GT(context->poll(), 0U);
  fresh = {};
  stack.reset();
  context.reset();
  EXPECT_FALSE(ended);
}

}  // namespace
}  // namespace mailassay::cli
