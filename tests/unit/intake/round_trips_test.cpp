// A client that sends its mail faster than the DNS answers: what the mail asks for must not wait for SPF.
#include "dns/cache.h"
#include "support/rounds.h"
#include "unit/intake/fixture.h"

namespace mailassay::test {
namespace {

const std::string kZone = R"(
example.com TXT "v=spf1 include:a.example -all"
a.example TXT "v=spf1 include:b.example -all"
b.example TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.example.com TXT "v=DMARC1; p=reject"
)";
const std::string kSigned =
    "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from; bh=AAAA; b=AAAA\r\n" + Client::kMail;

TEST_F(Intake, KeysAndPoliciesAreAskedForWhileSpfIsUnderWay) {
  Rounds rounds(*dns::Zone::parse(kZone), *context);
  const auto cache = dns::make_cache(context->get_executor(), rounds);
  other_resolver = cache.get();
  const auto inbox = make_inbox();
  Client client(*this);
  EXPECT_TRUE(client.send({address(inbox)}, kSigned).starts_with("250"));
  const auto taken = rounds.run();
  EXPECT_EQ(taken.size(), 3U) << told(taken);  // SPF's chain; keys and policies lie beside it
  for (const auto* question : {"example.com TXT", "s1._domainkey.example.com TXT", "_dmarc.example.com TXT"})
    EXPECT_NE(taken.at(0).find(question), std::string::npos) << question << told(taken);
  const auto message = only_message(inbox);
  EXPECT_EQ(message.state, store::MessageState::judged);
  EXPECT_EQ(message.spf, "pass");
}

}  // namespace
}  // namespace mailassay::test
