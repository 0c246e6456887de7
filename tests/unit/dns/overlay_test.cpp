#include "scripted_resolver.h"
#include "support.h"

namespace mailassay::dns::test {
namespace {

class Overlay : public testing::Test {
 protected:
  std::string ask(std::string name, Type type = Type::TXT) {
    last = mailassay::test::run(resolver->query(std::move(name), type), context);
    return told(*last);
  }

  void lay(std::string_view text) { resolver = make_overlay_resolver(zone_of(text), live); }

  boost::asio::io_context context;
  ScriptedResolver live{context, zone_of(R"(
example.com TXT "live"
example.com A 192.0.2.1
alias.example.com CNAME target.example.com
target.example.com TXT "live target"
)")};
  std::unique_ptr<Resolver> resolver;
  AnswerPtr last;
};

TEST_F(Overlay, ReplacesWholeRrsetsByNameAndType) {
  lay("example.com TXT new\nadded.example.com TXT added\n");
  EXPECT_EQ(ask("Example.com"), "records \"new\"");
  EXPECT_EQ(last->server, "overlay");
  EXPECT_EQ(ask("example.com", Type::A), "records 192.0.2.1");
  EXPECT_EQ(last->server, "live");
  EXPECT_EQ(ask("added.example.com"), "records \"added\"");
  EXPECT_EQ(ask("unknown.example.com"), "nxdomain");
}

TEST_F(Overlay, RemovesLiveRecords) {
  lay("$NODATA example.com TXT\n$NXDOMAIN target.example.com\n$TIMEOUT example.com A\n");
  EXPECT_EQ(ask("example.com"), "no_data");
  EXPECT_EQ(ask("target.example.com"), "nxdomain");
  EXPECT_EQ(ask("example.com", Type::A), "timeout");
  EXPECT_EQ(ask("example.com", Type::MX), "no_data");
}

TEST_F(Overlay, CnameOfTheOverlayLeadsToLive) {
  lay("new.example.com CNAME target.example.com\n");
  EXPECT_EQ(ask("new.example.com"), "records \"live target\"");
  EXPECT_EQ(last->aliases, std::vector<std::string>{"target.example.com"});
  EXPECT_EQ(last->name, "new.example.com");
  EXPECT_EQ(ask("new.example.com", Type::CNAME), "records target.example.com.");
}

TEST_F(Overlay, LiveCnameLeadsToTheOverlay) {
  lay("target.example.com TXT replaced\n");
  EXPECT_EQ(ask("alias.example.com"), "records \"replaced\"");
  EXPECT_EQ(last->aliases, std::vector<std::string>{"target.example.com"});
}

TEST_F(Overlay, ThereAndBack) {
  lay("target.example.com CNAME example.com\n");
  EXPECT_EQ(ask("alias.example.com"), "records \"live\"");
  EXPECT_EQ(last->aliases, (std::vector<std::string>{"target.example.com", "example.com"}));
}

TEST_F(Overlay, LoopOverBothSidesIsServfail) {
  lay("target.example.com CNAME alias.example.com\nself CNAME self\n");
  EXPECT_EQ(ask("alias.example.com"), "servfail");
  EXPECT_EQ(ask("self"), "servfail");
}

TEST_F(Overlay, WildcardCountsWhereLiveDnsHasNoSuchName) {
  lay("*.example.com TXT wild\n*.c.example.com CNAME target.example.com\n");
  EXPECT_EQ(ask("fresh.example.com"), "records \"wild\"");
  EXPECT_EQ(ask("target.example.com"), "records \"live target\"");
  EXPECT_EQ(ask("fresh.example.com", Type::A), "no_data");
  EXPECT_EQ(ask("x.c.example.com"), "records \"live target\"");
}

TEST_F(Overlay, NameAboveAnAddedOneExists) {
  lay("s1._domainkey.fresh.example.com TXT key\n");
  EXPECT_EQ(ask("fresh.example.com", Type::A), "no_data");
}

TEST_F(Overlay, DelayHoldsForLiveNamesToo) {
  lay("$DELAY example.com 1\n");
  EXPECT_EQ(ask("example.com"), "records \"live\"");
}

TEST_F(Overlay, PrefetchesWhatLiveDnsWillBeAsked) {
  lay("example.com TXT new\n");
  resolver->prefetch("example.com", Type::TXT);
  resolver->prefetch("target.example.com", Type::TXT);
  EXPECT_EQ(live.prefetched, (std::map<std::string, int>{{"target.example.com", 1}}));
}

}  // namespace
}  // namespace mailassay::dns::test
