// The live resolver against a real server over real sockets.
#include "dns/cares_resolver.h"

#include "dns_server.h"
#include "support.h"

#include <fstream>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace mailassay::dns::test {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

AnswerPtr resolve(const std::vector<std::string>& servers, std::string name, Type type,
                  milliseconds timeout = milliseconds(2000), int tries = 1) {
  asio::io_context context;
  const auto resolver = make_cares_resolver(context.get_executor(), {servers, timeout, tries});
  return mailassay::test::run(resolver->query(std::move(name), type), context);
}

AnswerPtr resolve(const DnsServer& server, std::string name, Type type) {
  return resolve({server.address()}, std::move(name), type);
}

Octets text(std::initializer_list<std::string> strings) {
  Octets data;
  for (const auto& string : strings) {
    data.push_back(static_cast<std::uint8_t>(string.size()));
    data.insert(data.end(), string.begin(), string.end());
  }
  return data;
}

TEST(CaresResolver, AddressWithTtlServerAndTime) {
  DnsServer server([](const Question& q) { return Reply(q).a(q.name, 1, 120).a(q.name, 2, 90); });
  const AnswerPtr answer = resolve(server, "host.example", Type::A);
  EXPECT_EQ(told(*answer), "records 192.0.2.1 192.0.2.2");
  EXPECT_EQ(answer->ttl, 90U);
  EXPECT_EQ(answer->server, server.address());
  EXPECT_GT(answer->elapsed.count(), 0);
  EXPECT_FALSE(answer->authenticated);
  EXPECT_FALSE(answer->over_tcp);
  EXPECT_EQ(answer->rcode, 0);
}

TEST(CaresResolver, AsksForRecursionTheAdBitAndEdns) {
  DnsServer server([](const Question& q) { return Reply(q).a(q.name, 1).flag(0x0020); });
  EXPECT_TRUE(resolve(server, "host.example", Type::A)->authenticated);
  const auto asked = server.questions().at(0);
  EXPECT_TRUE(asked.edns);
  EXPECT_EQ(asked.octets[2], 0x01);
  EXPECT_EQ(asked.octets[3], 0x20);
  EXPECT_EQ(asked.octets[asked.octets.size() - 8] << 8 | asked.octets[asked.octets.size() - 7], 1232);
}

TEST(CaresResolver, RecordsOfEachType) {
  DnsServer server([](const Question& q) {
    Octets mx = {0, 10};
    const Octets host = name_octets("Mail.example");
    mx.insert(mx.end(), host.begin(), host.end());
    switch (q.type) {
      case 15:
        return Reply(q).answer(q.name, 15, mx);
      case 16:
        return Reply(q).answer(q.name, 16, text({"v=spf1 ", "-all"})).answer(q.name, 16, text({""}));
      case 28:
        return Reply(q).answer(q.name, 28, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
      case 12:
        return Reply(q).answer(q.name, 12, name_octets("odd\\.label.example"));
      default:
        return Reply(q).answer(q.name, 257, {0, 5, 'i', 's', 's', 'u', 'e', 'c', 'a'});
    }
  });
  EXPECT_EQ(told(*resolve(server, "a.example", Type::MX)), "records 10 Mail.example.");
  EXPECT_EQ(told(*resolve(server, "a.example", Type::TXT)), "records \"v=spf1 \" \"-all\" \"\"");
  EXPECT_EQ(resolve(server, "a.example", Type::TXT)->records.at(0).text(), "v=spf1 -all");
  EXPECT_EQ(told(*resolve(server, "a.example", Type::AAAA)), "records 2001:db8::1");
  EXPECT_EQ(resolve(server, "a.example", Type::PTR)->records.at(0).name(), "odd\\.label.example");
  EXPECT_EQ(told(*resolve(server, "a.example", static_cast<Type>(257))), "records 0 issue \"ca\"");
}

TEST(CaresResolver, NxdomainAndNoDataWithTheSoasTime) {
  DnsServer server(
      [](const Question& q) { return Reply(q, q.name == "none.example" ? 3 : 0).soa("example", 600, 45); });
  const AnswerPtr none = resolve(server, "none.example", Type::A);
  EXPECT_EQ(told(*none), "nxdomain");
  EXPECT_EQ(none->rcode, 3);
  EXPECT_EQ(none->ttl, 45U);
  EXPECT_EQ(told(*resolve(server, "bare.example", Type::A)), "no_data");
}

TEST(CaresResolver, NegativeAnswerWithoutSoaMayNotBeKept) {
  DnsServer server([](const Question& q) { return Reply(q, 3); });
  EXPECT_EQ(resolve(server, "none.example", Type::A)->ttl, 0U);
}

TEST(CaresResolver, FailuresStayApart) {
  DnsServer servfail([](const Question& q) { return Reply(q, 2); });
  DnsServer refused([](const Question& q) { return Reply(q, 5); });
  DnsServer notimp([](const Question& q) { return Reply(q, 4); });
  DnsServer silent([](const Question&) { return Octets(); });
  EXPECT_EQ(told(*resolve(servfail, "a.example", Type::A)), "servfail");
  EXPECT_EQ(told(*resolve(refused, "a.example", Type::A)), "refused");
  EXPECT_EQ(resolve(refused, "a.example", Type::A)->rcode, 5);
  EXPECT_EQ(told(*resolve(notimp, "a.example", Type::A)), "servfail");
  EXPECT_EQ(told(*resolve({silent.address()}, "a.example", Type::A, milliseconds(50))), "timeout");
}

TEST(CaresResolver, NobodyListeningIsATimeout) {
  std::string gone;
  {
    gone = DnsServer([](const Question&) { return Octets(); }).address();
  }
  EXPECT_EQ(told(*resolve({gone}, "a.example", Type::A, milliseconds(200))), "timeout");
}

TEST(CaresResolver, BadNamesAreNeverAsked) {
  DnsServer server([](const Question& q) { return Reply(q).a(q.name, 1); });
  EXPECT_EQ(told(*resolve(server, "a..example", Type::A)), "bad_name");
  EXPECT_EQ(told(*resolve(server, std::string(64, 'x') + ".example", Type::A)), "bad_name");
  EXPECT_TRUE(server.questions().empty());
}

TEST(CaresResolver, OddOctetsTravelUnchanged) {
  DnsServer server([](const Question& q) { return Reply(q).a(q.name, 1); });
  const std::string odd = std::string("nul\0 (\xff)", 9) + "\\.dot.example.";
  EXPECT_EQ(told(*resolve(server, odd, Type::A)), "records 192.0.2.1");
  EXPECT_EQ(server.questions().at(0).name + ".", odd);
}

TEST(CaresResolver, OtherServersAreTriedOnFailure) {
  DnsServer servfail([](const Question& q) { return Reply(q, 2); });
  DnsServer refused([](const Question& q) { return Reply(q, 5); });
  DnsServer good([](const Question& q) { return Reply(q).a(q.name, 7); });
  const AnswerPtr answer =
      resolve({servfail.address(), refused.address(), good.address()}, "a.example", Type::A);
  EXPECT_EQ(told(*answer), "records 192.0.2.7");
  EXPECT_EQ(answer->server, good.address());
}

TEST(CaresResolver, SilentServerIsLeftForTheOneThatAnswers) {
  DnsServer silent([](const Question&) { return Octets(); });
  DnsServer good([](const Question& q) { return Reply(q).a(q.name, 7); });
  asio::io_context context;
  const auto resolver =
      make_cares_resolver(context.get_executor(), {{silent.address(), good.address()}, milliseconds(50), 1});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(told(*mailassay::test::run(resolver->query("a.example", Type::A), context)),
              "records 192.0.2.7");
  EXPECT_EQ(silent.questions().size(), 1U);
}

TEST(CaresResolver, SilenceIsTriedAgainARefusalIsNot) {
  DnsServer silent([](const Question&) { return Octets(); });
  DnsServer refused([](const Question& q) { return Reply(q, 5); });
  const AnswerPtr answer =
      resolve({silent.address(), refused.address()}, "a.example", Type::A, milliseconds(50), 2);
  EXPECT_EQ(told(*answer), "refused");
  EXPECT_EQ(silent.questions().size(), 2U);
  EXPECT_EQ(refused.questions().size(), 1U);
}

TEST(CaresResolver, TruncatedAnswerIsFetchedByTcp) {
  DnsServer server([](const Question& q) -> Octets {
    if (!q.over_tcp) return Reply(q).flag(0x0200);
    Reply reply(q);
    for (int i = 0; i < 200; ++i) reply.answer(q.name, 16, text({std::string(200, 'x') + std::to_string(i)}));
    return reply;
  });
  const AnswerPtr answer = resolve(server, "big.example", Type::TXT);
  EXPECT_EQ(answer->records.size(), 200U);
  EXPECT_TRUE(answer->over_tcp);
}

TEST(CaresResolver, AnswerCutInsideARecordIsFetchedByTcp) {
  DnsServer server([](const Question& q) -> Octets {
    Octets whole = Reply(q).a(q.name, 9).flag(q.over_tcp ? 0 : 0x0200);
    if (!q.over_tcp) whole.resize(whole.size() - 3);
    return whole;
  });
  EXPECT_EQ(told(*resolve(server, "a.example", Type::A)), "records 192.0.2.9");
}

TEST(CaresResolver, TruncationWithoutTcpIsATimeout) {
  DnsServer server([](const Question& q) { return q.over_tcp ? Octets() : Octets(Reply(q).flag(0x0200)); });
  EXPECT_EQ(told(*resolve({server.address()}, "a.example", Type::A, milliseconds(200))), "timeout");
}

TEST(CaresResolver, ServerFromBeforeEdns) {
  DnsServer server([](const Question& q) { return q.edns ? Reply(q, 1) : Reply(q).a(q.name, 1); });
  EXPECT_EQ(told(*resolve(server, "a.example", Type::A)), "records 192.0.2.1");
}

TEST(CaresResolver, OctetsThatAreNoMessageAreAFailure) {
  DnsServer server([](const Question& q) {
    Octets reply = Reply(q).a(q.name, 1);
    reply.resize(reply.size() - 2);
    return reply;
  });
  EXPECT_EQ(told(*resolve(server, "a.example", Type::A)), "servfail");
}

TEST(CaresResolver, CnameChainIsCollected) {
  DnsServer server([](const Question& q) {
    return Reply(q)
        .cname("two.example", "three.example", 20)
        .cname("ONE.example", "two.example")
        .a("three.example", 3);
  });
  const AnswerPtr answer = resolve(server, "one.example", Type::A);
  EXPECT_EQ(told(*answer), "records 192.0.2.3");
  EXPECT_EQ(answer->aliases, (std::vector<std::string>{"two.example", "three.example"}));
  EXPECT_EQ(answer->ttl, 20U);
  EXPECT_EQ(told(*resolve(server, "two.example", Type::CNAME)), "records three.example.");
}

TEST(CaresResolver, ChainLeftOpenByTheServerIsFollowed) {
  DnsServer server([](const Question& q) -> Octets {
    if (q.name == "one.example") return Reply(q).cname(q.name, "two.example");
    return Reply(q).a(q.name, 2);
  });
  const AnswerPtr answer = resolve(server, "one.example", Type::A);
  EXPECT_EQ(told(*answer), "records 192.0.2.2");
  EXPECT_EQ(answer->aliases, std::vector<std::string>{"two.example"});
  EXPECT_EQ(answer->name, "one.example");
}

TEST(CaresResolver, DeniedEndOfAChainIsNotAskedAgain) {
  DnsServer server(
      [](const Question& q) { return Reply(q, 3).cname(q.name, "gone.example").soa("example", 60, 60); });
  EXPECT_EQ(told(*resolve(server, "one.example", Type::A)), "nxdomain");
  EXPECT_EQ(server.questions().size(), 1U);
}

TEST(CaresResolver, CnameLoopIsServfail) {
  DnsServer inside([](const Question& q) {
    return Reply(q).cname("a.example", "b.example").cname("b.example", "a.example");
  });
  DnsServer across([](const Question& q) {
    return Reply(q).cname(q.name, q.name == "a.example" ? "b.example" : "a.example");
  });
  EXPECT_EQ(told(*resolve(inside, "a.example", Type::A)), "servfail");
  EXPECT_EQ(told(*resolve(across, "a.example", Type::A)), "servfail");
}

TEST(CaresResolver, ReferralIsNoAnswer) {
  DnsServer server([](const Question& q) -> Octets {
    Octets reply = Reply(q).authority("example", 2, name_octets("ns.example"), 60);
    reply[3] &= 0x7f;  // recursion not available
    return reply;
  });
  EXPECT_EQ(told(*resolve(server, "a.example", Type::A)), "servfail");
}

TEST(CaresResolver, ManyQuestionsSideBySide) {
  DnsServer server([](const Question& q) { return Reply(q).answer(q.name, 16, text({q.name})); });
  asio::io_context context;
  const auto resolver =
      make_cares_resolver(context.get_executor(), {{server.address()}, milliseconds(5000), 2});
  int right = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example";
    asio::co_spawn(context, resolver->query(name, Type::TXT),
                   [&right, name](std::exception_ptr, AnswerPtr answer) {
                     right += answer && told(*answer) == "records \"" + name + "\"" ? 1 : 0;
                   });
  }
  context.run();
  EXPECT_EQ(right, 100);
}

TEST(CaresResolver, MayGoWithQuestionsUnderWay) {
  DnsServer silent([](const Question&) { return Octets(); });
  asio::io_context context;
  auto resolver = make_cares_resolver(context.get_executor(), {{silent.address()}, milliseconds(5000), 2});
  AnswerPtr answer;
  asio::co_spawn(context, resolver->query("a.example", Type::A),
                 [&](std::exception_ptr, AnswerPtr given) { answer = std::move(given); });
  context.poll();
  resolver.reset();
  context.restart();
  context.run();
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(told(*answer), "timeout");
}

TEST(CaresResolver, ContextMayGoWithQuestionsUnderWay) {
  DnsServer silent([](const Question&) { return Octets(); });
  auto context = std::make_unique<asio::io_context>();
  auto resolver = make_cares_resolver(context->get_executor(), {{silent.address()}, milliseconds(5000), 2});
  asio::co_spawn(*context, resolver->query("a.example", Type::A), asio::detached);
  EXPECT_GT(context->poll(), 0U);
  resolver.reset();
  context.reset();
}

TEST(CaresResolver, CancelledQuestionEnds) {
  DnsServer silent([](const Question&) { return Octets(); });
  asio::io_context context;
  // Its own time-out is far away: only the cancellation can end it.
  const auto resolver =
      make_cares_resolver(context.get_executor(), {{silent.address()}, milliseconds(30000), 1});
  asio::cancellation_signal signal;
  bool ended = false;
  asio::co_spawn(context, resolver->query("a.example", Type::A),
                 asio::bind_cancellation_slot(
                     signal.slot(), [&](std::exception_ptr error, AnswerPtr) { ended = error != nullptr; }));
  context.poll();
  signal.emit(asio::cancellation_type::terminal);
  context.restart();
  context.run();
  EXPECT_TRUE(ended);
}

std::string refusal(CaresOptions options) {
  asio::io_context context;
  try {
    make_cares_resolver(context.get_executor(), std::move(options));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(CaresResolver, BadServersAreNamed) {
  for (const auto* bad : {"dns.example", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999", "[127.0.0.1]:53",
                          "::1:x", "[::1", ""}) {
    const std::string error = refusal({.servers = {bad}});
    EXPECT_TRUE(error.starts_with("DNS server '" + std::string(bad) + "' is not an address: write ADDR:PORT"))
        << bad << ": " << error;
  }
  for (const auto* good : {"127.0.0.1", "127.0.0.1:53", "::1", "[::1]", "[::1]:5353"})
    EXPECT_EQ(refusal({.servers = {good}}), "");
}

TEST(CaresResolver, ServersOfResolvConf) {
  const std::string path = testing::TempDir() + "resolv.conf";
  std::ofstream(path)
      << "search example.com\n# nameserver 192.0.2.9\n\tnameserver\t 127.0.0.9 \nnameserver fe80::1%eth0\n";
  EXPECT_EQ(refusal({.servers = {}, .resolv_conf = path}), "");
  std::ofstream(path) << "search example.com\n";
  EXPECT_TRUE(refusal({.servers = {}, .resolv_conf = path}).starts_with("no DNS server: " + path));
  EXPECT_TRUE(refusal({.servers = {}, .resolv_conf = "/nowhere"}).starts_with("no DNS server: /nowhere"));
}

}  // namespace
}  // namespace mailassay::dns::test
