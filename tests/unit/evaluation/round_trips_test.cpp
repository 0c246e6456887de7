// How many round trips a verdict costs: counted, whatever the clock says. A slow DNS ($DELAY of 200 ms on
// every name, say) makes each of them 200 ms.
#include "dns/cache.h"
#include "evaluation/evaluate.h"
#include "support/dkim_signer.h"
#include "support/rounds.h"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

const test::SigningKey& key() {
  static const auto key = test::SigningKey::rsa(1024);
  return key;
}

// A mail as Amazon SES sends it: signed by the customer's domain and by SES's own.
std::string ses_mail(const std::string& from = "shop@example.com") {
  const std::string mail = "From: " + from +
                           "\r\nTo: you@mailassay.test\r\nSubject: Your order\r\nDate: Tue, 24 Nov 2026 "
                           "02:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\nThank you.\r\n";
  const std::string once = test::sign(mail, key(), {.domain = "amazonses.com", .selector = "ses"});
  return test::sign(once, key(), {.domain = "example.com", .selector = "s1"});
}

std::string txt(const std::string& name, const std::string& text) {
  std::string data;
  for (std::size_t at = 0; at < text.size(); at += 200) data += " \"" + text.substr(at, 200) + '"';
  return name + " TXT" + data + "\n";
}

std::string ses_zone(const std::string& dmarc = "v=DMARC1; p=quarantine; rua=mailto:r@reports.example") {
  return txt("bounce.example.com", "v=spf1 include:amazonses.com ~all") +
         txt("amazonses.com", "v=spf1 ip4:192.0.2.0/24 -all") +
         "1.2.0.192.in-addr.arpa PTR mail.amazonses.com\nmail.amazonses.com A 192.0.2.1\n" +
         txt("mail.amazonses.com", "v=spf1 a -all") +
         "s1._domainkey.example.com CNAME s1.dkim.amazonses.com\n" +
         txt("s1.dkim.amazonses.com", key().record()) + txt("ses._domainkey.amazonses.com", key().record()) +
         txt("_dmarc.example.com", dmarc) + txt("example.com._report._dmarc.reports.example", "v=DMARC1");
}

// One evaluation under a DNS that counts.
struct Case {
  Case(const std::string& zone, const std::string& content)
      : rounds(*dns::Zone::parse(zone), context),
        cache(dns::make_cache(context.get_executor(), rounds)),
        mail(content) {
    connection.ip = net::IpAddress::parse("192.0.2.1");
    connection.envelope.helo = "mail.amazonses.com";
    connection.envelope.mail_from = "0100@bounce.example.com";
  }

  Setting setting() { return {*cache, "mx.mailassay.test", std::chrono::system_clock::now()}; }
  trace::Scope scope() { return {&recorder, trace::Phase::message}; }

  std::vector<std::string> envelope_rounds() {
    boost::asio::co_spawn(context, judge_envelope(connection, setting(), scope()),
                          [&](std::exception_ptr, EnvelopeOutcome judged) { envelope = std::move(judged); });
    return rounds.run();
  }
  std::vector<std::string> message_rounds() {
    prefetch_message(mail, connection, setting());
    boost::asio::co_spawn(context, judge_message(mail, {}, connection, envelope, setting(), scope()),
                          [&](std::exception_ptr, Report judged) { report = std::move(judged); });
    return rounds.run();
  }
  std::vector<std::string> all_rounds() {
    boost::asio::co_spawn(context, evaluate(mail, {}, connection, setting(), scope()),
                          [&](std::exception_ptr, Report judged) { report = std::move(judged); });
    return rounds.run();
  }

  boost::asio::io_context context;
  test::Rounds rounds;
  std::unique_ptr<dns::Resolver> cache;
  message::Message mail;
  Connection connection;
  trace::Recorder recorder;
  EnvelopeOutcome envelope;
  std::optional<Report> report;
};

TEST(RoundTrips, TwoAtMostAfterTheFinalDot) {
  Case ses(ses_zone(), ses_mail());
  ses.envelope_rounds();
  const auto rounds = ses.message_rounds();
  EXPECT_EQ(rounds.size(), 2U) << test::told(rounds);  // keys and policies; who may get the reports
  ASSERT_TRUE(ses.report);
  EXPECT_EQ(to_string(ses.report->dmarc->rfc9989.result), "pass");
  EXPECT_EQ(ses.report->dkim->size(), 2U);
  for (const auto& signature : *ses.report->dkim) EXPECT_EQ(to_string(signature.result), "pass");
}

TEST(RoundTrips, OneWhereReportsStayInTheDomain) {
  Case ses(ses_zone("v=DMARC1; p=reject; rua=mailto:r@example.com"), ses_mail());
  ses.envelope_rounds();
  const auto rounds = ses.message_rounds();
  EXPECT_EQ(rounds.size(), 1U) << test::told(rounds);
}

TEST(RoundTrips, TwoWhereTheAuthorsNameMustBeLookedForToo) {
  Case ses(ses_zone("v=DMARC1; p=none; np=reject; rua=mailto:r@reports.example"),
           ses_mail("shop@new.shop.example.com"));
  ses.envelope_rounds();
  const auto rounds = ses.message_rounds();
  EXPECT_LE(rounds.size(), 2U) << test::told(rounds);
  ASSERT_TRUE(ses.report);
  EXPECT_EQ(ses.report->dmarc->rfc9989.policy, "reject");
}

TEST(RoundTrips, TheEnvelopeTakesItsLongestChain) {
  const auto include = [](const std::string& name, const std::string& below) {
    return txt(name + ".example", "v=spf1 include:" + below + ".example ?all");
  };
  Case ses(txt("bounce.example.com", "v=spf1 include:a.example include:b.example include:c.example -all") +
               include("a", "a2") + include("b", "b2") + include("c", "c2") + include("a2", "a3") +
               txt("a3.example", "v=spf1 ?all") + txt("b2.example", "v=spf1 ?all") +
               txt("c2.example", "v=spf1 ip4:192.0.2.1 ?all") +
               "1.2.0.192.in-addr.arpa PTR mail.amazonses.com\nmail.amazonses.com A 192.0.2.1\n" +
               txt("mail.amazonses.com", "v=spf1 include:d.example -all") + include("d", "d2") +
               txt("d2.example", "v=spf1 ip4:192.0.2.1 -all"),
           ses_mail());
  const auto rounds = ses.envelope_rounds();
  EXPECT_EQ(rounds.size(), 4U) << test::told(rounds);  // bounce.example.com, a, a2, a3
  ASSERT_TRUE(ses.envelope.spf);
  EXPECT_EQ(ses.envelope.spf->matched, "include:c.example");
  EXPECT_EQ(ses.envelope.spf->lookups, 7);
  EXPECT_EQ(ses.envelope.spf_helo->lookups, 2);
  for (const auto& step : ses.recorder.steps())
    for (const auto& fact : step.data)
      if (fact.key == "cached") EXPECT_FALSE(std::get<bool>(fact.value.storage()));
}

TEST(RoundTrips, AWholeMailTakesItsLongestChainToo) {
  Case ses(ses_zone(), ses_mail());
  const auto rounds = ses.all_rounds();
  EXPECT_EQ(rounds.size(), 3U) << test::told(rounds);
  ASSERT_TRUE(ses.report);
  EXPECT_EQ(to_string(ses.report->spf->result), "pass");
  EXPECT_EQ(ses.report->spf->lookups, 1);
  EXPECT_EQ(to_string(ses.report->dmarc->rfc9989.result), "pass");
}

}  // namespace
}  // namespace mailassay::evaluation
