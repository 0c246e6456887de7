#include "evaluation/dkim/verify.h"

#include "support/dkim_signer.h"
#include "support/run.h"
#include "support/steps.h"
#include "support/txt_resolver.h"

#include <rapidcheck.h>
#include <string>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

using evaluation::Result;
using test::fact;

constexpr std::int64_t kNow = 1800000000;

const std::string kMail =
    "Received: by b.example; today\r\nReceived: by a.example; today\r\n"
    "From: Joe <joe@example.com>\r\nTo: a@b.example\r\nSubject: Is  dinner\r\n ready?\r\n"
    "Date: Fri, 11 Jul 2003 21:00:37 -0700\r\nMessage-ID: <1@example.com>\r\n"
    "\r\nHi. \r\n\r\nWe lost  the game.\r\n\r\n\r\n";

const test::SigningKey& rsa() {
  static const auto key = test::SigningKey::rsa(2048);
  return key;
}
const test::SigningKey& ed25519() {
  static const auto key = test::SigningKey::ed25519();
  return key;
}

class Verify : public testing::Test {
 protected:
  Verify() { resolver.add("s1._domainkey.example.com", rsa().record()); }

  std::vector<Outcome> all(const std::string& octets) {
    recorder = trace::Recorder();
    const message::Message mail(octets);
    return test::run(verify(mail, resolver, {&recorder, trace::Phase::dkim},
                            std::chrono::system_clock::from_time_t(kNow), limits));
  }
  Outcome one(const std::string& octets) {
    auto outcomes = all(octets);
    EXPECT_EQ(outcomes.size(), 1U);
    return outcomes.empty() ? Outcome{} : outcomes[0];
  }
  // "fail body_hash_mismatch"
  std::string word(const std::string& octets) {
    const auto outcome = one(octets);
    return std::string(evaluation::to_string(outcome.result)) + (outcome.cause.empty() ? "" : " ") +
           outcome.cause;
  }
  std::string with_record(const std::string& record, const test::SigningKey& key = rsa(),
                          const test::SignOptions& options = {}) {
    resolver = test::TxtResolver();
    resolver.add("s1._domainkey.example.com", record);
    return word(test::sign(kMail, key, options));
  }
  std::vector<std::string> warnings() { return test::facts_of(recorder, "dkim.warning", "why"); }

  test::TxtResolver resolver;
  evaluation::Limits limits;
  trace::Recorder recorder;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST_F(Verify, NothingSigned) {
  EXPECT_TRUE(all(kMail).empty());
  EXPECT_EQ(recorder.steps()[0].kind, "dkim.none");
}

TEST_F(Verify, PassesAndTellsEachStep) {
  const auto outcome = one(test::sign(kMail, rsa()));
  EXPECT_EQ(outcome.result, Result::pass) << outcome.cause;
  EXPECT_EQ(outcome.domain, "example.com");
  EXPECT_EQ(outcome.selector, "s1");
  EXPECT_EQ(outcome.identity, "@example.com");
  EXPECT_EQ(outcome.algorithm, "rsa-sha256");
  EXPECT_EQ(outcome.key_bits, 2048);
  EXPECT_EQ(outcome.body_hash, "match");
  EXPECT_EQ(outcome.signature.size(), 8U);
  EXPECT_EQ(outcome.cause, "");
  std::vector<std::string_view> kinds;
  for (const auto& step : recorder.steps()) kinds.push_back(step.kind);
  EXPECT_EQ(kinds,
            (std::vector<std::string_view>{"dkim.signature", "dkim.body_hash", "dkim.key_query", "dns.answer",
                                           "dkim.key", "dkim.header_hash", "dkim.verify", "dkim.result"}));
  EXPECT_EQ(fact(recorder, "dkim.header_hash", "headers"), "from,to,subject,date,message-id");
  EXPECT_EQ(fact(recorder, "dkim.key", "bits"), "2048");
}

struct Combination {
  const char* header;
  const char* body;
  bool is_rsa;
};
class Canonicalizations : public Verify, public testing::WithParamInterface<Combination> {};

TEST_P(Canonicalizations, Pass) {
  const auto& key = GetParam().is_rsa ? rsa() : ed25519();
  resolver = test::TxtResolver();
  resolver.add("s1._domainkey.example.com", key.record());
  test::SignOptions options;
  options.header_canonicalization = GetParam().header;
  options.body_canonicalization = GetParam().body;
  EXPECT_EQ(word(test::sign(kMail, key, options)), "pass");
  const std::string empty_body = kMail.substr(0, kMail.find("\r\n\r\n") + 4);
  EXPECT_EQ(word(test::sign(empty_body, key, options)), "pass");
}
INSTANTIATE_TEST_SUITE_P(
    All, Canonicalizations,
    testing::Values(Combination{"simple", "simple", true}, Combination{"simple", "relaxed", true},
                    Combination{"relaxed", "simple", true}, Combination{"relaxed", "relaxed", true},
                    Combination{"simple", "simple", false}, Combination{"relaxed", "relaxed", false}));

TEST_F(Verify, AChangedBodyIsABodyHashMismatch) {
  const std::string changed = replaced(test::sign(kMail, rsa()), "lost", "won");
  EXPECT_EQ(word(changed), "fail body_hash_mismatch");
  EXPECT_EQ(one(changed).body_hash, "mismatch");
  // The header still verifies: the body alone was changed.
  EXPECT_EQ(fact(recorder, "dkim.verify", "ok"), "true");
}

TEST_F(Verify, AChangedHeaderIsASignatureMismatch) {
  const std::string changed = replaced(test::sign(kMail, rsa()), "a@b.example", "c@b.example");
  EXPECT_EQ(word(changed), "fail signature_mismatch");
  EXPECT_EQ(one(changed).body_hash, "match");
}

TEST_F(Verify, ChangedTagsOfTheSignatureItselfFail) {
  EXPECT_EQ(word(replaced(test::sign(kMail, rsa()), "d=example.com; s=s1;",
                          "d=example.com; s=s1; i=@a.example.com;")),
            "fail signature_mismatch");
}

TEST_F(Verify, RelaxedSurvivesRefoldingSimpleDoesNot) {
  test::SignOptions options;
  EXPECT_EQ(word(replaced(test::sign(kMail, rsa(), options), "Is  dinner\r\n ready?", "Is dinner ready? ")),
            "pass");
  options.header_canonicalization = "simple";
  EXPECT_EQ(word(replaced(test::sign(kMail, rsa(), options), "Is  dinner\r\n ready?", "Is dinner ready? ")),
            "fail signature_mismatch");
}

TEST_F(Verify, TakesRepeatedFieldsFromTheBottom) {
  test::SignOptions options;
  options.headers = {"from", "received"};
  const std::string mail = test::sign(kMail, rsa(), options);
  EXPECT_EQ(word(mail), "pass");
  EXPECT_EQ(word(replaced(mail, "by b.example", "by c.example")), "pass");
  EXPECT_EQ(word(replaced(mail, "by a.example", "by c.example")), "fail signature_mismatch");
}

TEST_F(Verify, OversigningBlocksLaterFields) {
  test::SignOptions options;
  options.headers = {"from", "from", "reply-to", "subject"};
  const std::string mail = test::sign(kMail, rsa(), options);
  EXPECT_EQ(word(mail), "pass");
  EXPECT_EQ(fact(recorder, "dkim.header_hash", "missing"), "from,reply-to");
  EXPECT_EQ(word("Reply-To: evil@c.example\r\n" + mail), "fail signature_mismatch");
  EXPECT_EQ(word("From: evil@c.example\r\n" + mail), "fail signature_mismatch");
}

TEST_F(Verify, SaysWhenAFromWasAddedOutsideTheSignature) {
  EXPECT_EQ(word("From : evil@c.example\r\n" + test::sign(kMail, rsa())), "pass");
  EXPECT_EQ(warnings(), std::vector<std::string>{"from_added"});
}

TEST_F(Verify, SignsOtherSignaturesButNeverItself) {
  const std::string inner = test::sign(kMail, rsa());
  test::SignOptions options;
  options.headers = {"from", "dkim-signature", "dkim-signature"};
  const auto outcomes = all(test::sign(inner, rsa(), options));
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].result, Result::pass);
  EXPECT_EQ(outcomes[1].result, Result::pass);
}

TEST_F(Verify, LengthLeavesTheRestUnsignedAndSaysSo) {
  test::SignOptions options;
  options.length = 5;
  const std::string mail = test::sign(kMail, rsa(), options);
  EXPECT_EQ(word(mail + "evil\r\n"), "pass");
  EXPECT_EQ(warnings(), std::vector<std::string>{"unsigned_octets"});
  EXPECT_EQ(fact(recorder, "dkim.body_hash", "octets"), "5");
  EXPECT_EQ(fact(recorder, "dkim.body_hash", "unsigned_octets"), "31");
  EXPECT_TRUE(one(mail).has_length);
  EXPECT_FALSE(one(test::sign(kMail, rsa())).has_length);
}

TEST_F(Verify, LengthBeyondTheBodyIsRefused) {
  test::SignOptions options;
  options.length = 100000;
  EXPECT_EQ(word(test::sign(kMail, rsa(), options)), "permerror length_exceeds_body");
  options.length = 0;
  EXPECT_EQ(word(test::sign(kMail, rsa(), options)), "pass");
}

TEST_F(Verify, ExpiryAndTimestampAreJudgedByTheGivenTime) {
  test::SignOptions options;
  options.signed_at = kNow - 100;
  options.expires_at = kNow;
  EXPECT_EQ(word(test::sign(kMail, rsa(), options)), "pass");
  options.expires_at = kNow - 1;
  EXPECT_EQ(word(test::sign(kMail, rsa(), options)), "policy signature_expired");
  options.expires_at.reset();
  options.signed_at = kNow + 10000;
  EXPECT_EQ(word(test::sign(kMail, rsa(), options)), "pass");
  EXPECT_EQ(warnings(), std::vector<std::string>{"signed_in_future"});
  options.signed_at = kNow - 30 * 86400;
  EXPECT_EQ(word(test::sign(kMail, rsa(), options)), "pass");
  EXPECT_EQ(warnings(), std::vector<std::string>{"signature_old"});
}

TEST_F(Verify, Sha1VerifiesButNeverCounts) {
  test::SignOptions options;
  options.algorithm = "rsa-sha1";
  const std::string mail = test::sign(kMail, rsa(), options);
  EXPECT_EQ(word(mail), "policy sha1");
  EXPECT_EQ(word(replaced(mail, "a@b.example", "c@b.example")), "fail signature_mismatch");
}

TEST_F(Verify, ShortKeysNeverCountLongOnesAreRefused) {
  const auto short_key = test::SigningKey::rsa(768);
  EXPECT_EQ(with_record(short_key.record(), short_key), "policy key_too_short");
  const auto fair_key = test::SigningKey::rsa(1024);
  EXPECT_EQ(with_record(fair_key.record(), fair_key), "pass");
  limits.dkim_max_rsa_bits = 2047;
  EXPECT_EQ(with_record(rsa().record()), "permerror key_too_long");
}

TEST_F(Verify, ReadsKeysInEveryForm) {
  EXPECT_EQ(with_record("p=" + rsa().p()), "pass");
  EXPECT_EQ(with_record("v=DKIM1; p=" + rsa().p_pkcs1()), "pass");
  EXPECT_EQ(with_record("v=DKIM1; p=" + rsa().p().insert(40, " \t ")), "pass");
}

TEST_F(Verify, KeyRecordsAreHeldAgainstTheSignature) {
  EXPECT_EQ(with_record("v=DKIM1; p="), "permerror key_revoked");
  EXPECT_EQ(with_record("v=DKIM1; h=sha1; p=" + rsa().p()), "permerror hash_not_allowed");
  EXPECT_EQ(with_record("v=DKIM1; s=other; p=" + rsa().p()), "permerror service_not_email");
  EXPECT_EQ(with_record(ed25519().record()), "permerror key_type_mismatch");
  EXPECT_EQ(with_record("v=DKIM1; k=dsa; p=" + rsa().p()), "permerror key_invalid");
  EXPECT_EQ(with_record("v=DKIM1; p=AAAA"), "permerror key_invalid");
  EXPECT_EQ(with_record("v=spf1 -all"), "permerror no_key");
  EXPECT_EQ(with_record(test::SigningKey::rsa(1024).record()), "fail signature_mismatch");
}

TEST_F(Verify, StrictKeysWantTheExactDomain) {
  test::SignOptions options;
  options.more_tags = "i=a@sub.example.com";
  EXPECT_EQ(with_record("v=DKIM1; t=s; p=" + rsa().p(), rsa(), options), "permerror identity_mismatch");
  EXPECT_EQ(with_record("v=DKIM1; p=" + rsa().p(), rsa(), options), "pass");
  options.more_tags = "i=a@example.com";
  EXPECT_EQ(with_record("v=DKIM1; t=s; p=" + rsa().p(), rsa(), options), "pass");
}

TEST_F(Verify, TestingKeysAreTold) {
  EXPECT_EQ(with_record("v=DKIM1; t=y; p=" + rsa().p()), "pass");
  EXPECT_EQ(warnings(), std::vector<std::string>{"key_testing"});
  EXPECT_TRUE(one(test::sign(kMail, rsa())).testing);
}

TEST_F(Verify, SeveralKeyRecordsAreToldAndTheFittingOneCounts) {
  resolver.add("s1._domainkey.example.com", ed25519().record());
  EXPECT_EQ(word(test::sign(kMail, rsa())), "pass");
  EXPECT_EQ(fact(recorder, "dkim.key", "records"), "2");
  EXPECT_EQ(word(test::sign(kMail, ed25519())), "pass");
  EXPECT_EQ(warnings(), std::vector<std::string>{"several_keys"});
}

TEST_F(Verify, OfSeveralKeyRecordsOrderDoesNotMatter) {
  const auto other = test::SigningKey::rsa(2048).record();
  const std::string mail = test::sign(kMail, rsa());
  for (const auto& beside : {other, std::string("v=DKIM1; s=tlsrpt; p=") + rsa().p(),
                             std::string("v=DKIM1; h=sha1; p=") + rsa().p(), std::string("v=DKIM1; p=")}) {
    for (const bool first : {true, false}) {
      resolver = test::TxtResolver();
      if (first) resolver.add("s1._domainkey.example.com", beside);
      resolver.add("s1._domainkey.example.com", rsa().record());
      if (!first) resolver.add("s1._domainkey.example.com", beside);
      EXPECT_EQ(word(mail), "pass") << beside;
    }
  }
}

TEST_F(Verify, FourKeysOfANameAreTried) {
  const auto with_others = [](int others) {
    test::TxtResolver filled;
    for (int i = 0; i < others; ++i)
      filled.add("s1._domainkey.example.com", test::SigningKey::rsa(1024).record());
    filled.add("s1._domainkey.example.com", rsa().record());
    return filled;
  };
  const std::string mail = test::sign(kMail, rsa());
  resolver = with_others(3);
  EXPECT_EQ(word(mail), "pass");
  resolver = with_others(4);
  EXPECT_EQ(word(mail), "fail signature_mismatch");
}

TEST_F(Verify, ARecordOfAnotherVersionIsShownAndDiscarded) {
  const std::string record = "v=DKIM1\\; k=rsa\\; p=" + rsa().p();
  EXPECT_EQ(with_record(record), "permerror key_version_invalid");
  EXPECT_EQ(fact(recorder, "dkim.key", "record"), record);
  EXPECT_EQ(with_record("v=spf1 -all"), "permerror no_key");
}

TEST_F(Verify, AFieldAddedOnTopIsTold) {
  test::SignOptions options;
  options.headers = {"from", "subject"};
  const std::string mail = test::sign(kMail, rsa(), options);
  EXPECT_EQ(word("Subject: top\r\n" + mail), "pass");
  EXPECT_EQ(fact(recorder, "dkim.warning", "why"), "field_added");
  EXPECT_EQ(fact(recorder, "dkim.warning", "field"), "Subject");
}

TEST_F(Verify, DnsFailuresStayApart) {
  const std::string mail = test::sign(kMail, rsa());
  const auto answered = [&](dns::Status status) {
    resolver = test::TxtResolver();
    resolver.answer_with("s1._domainkey.example.com", status);
    return word(mail);
  };
  EXPECT_EQ(answered(dns::Status::nxdomain), "permerror no_key");
  EXPECT_EQ(fact(recorder, "dkim.key", "why"), "nxdomain");
  EXPECT_EQ(answered(dns::Status::no_data), "permerror no_key");
  EXPECT_EQ(answered(dns::Status::timeout), "temperror dns_timeout");
  EXPECT_EQ(answered(dns::Status::servfail), "temperror dns_servfail");
  EXPECT_EQ(answered(dns::Status::refused), "temperror dns_refused");
  EXPECT_EQ(answered(dns::Status::bad_name), "permerror domain_invalid");
  // The body hash needs no key.
  EXPECT_EQ(one(mail).body_hash, "match");
}

TEST_F(Verify, BrokenFieldsAreToldWithTheirTag) {
  const std::string mail = replaced(test::sign(kMail, rsa()), "v=1", "v=2");
  EXPECT_EQ(word(mail), "permerror version_unknown");
  EXPECT_EQ(fact(recorder, "dkim.tags", "tag"), "v");
  EXPECT_EQ(one(mail).body_hash, "");
  EXPECT_EQ(one(mail).domain, "example.com");
  EXPECT_TRUE(resolver.asked.empty());
}

TEST_F(Verify, NamesThatCouldInjectTextAreNotPassedOn) {
  const auto outcome = one(replaced(test::sign(kMail, rsa()), "d=example.com", "d=a.example (x) \"y\""));
  EXPECT_EQ(outcome.cause, "domain_invalid");
  EXPECT_EQ(outcome.domain, "");
}

TEST_F(Verify, BoundsTheNumberOfSignaturesAndAsksForAllKeysFirst) {
  std::string mail = kMail;
  for (int i = 0; i < 18; ++i) mail = test::sign(mail, ed25519());
  EXPECT_EQ(all(mail).size(), 16U);
  EXPECT_EQ(recorder.steps()[0].kind, "dkim.too_many_signatures");
  EXPECT_EQ(resolver.prefetched.size(), 16U);
}

TEST_F(Verify, SignaturesThatBeginAlikeAreToldApart) {
  const std::string broken =
      "DKIM-Signature: v=1; b=AAAABBBBCCCC\r\nDKIM-Signature: v=1; b=AAAABBBB DDDD\r\n"
      "DKIM-Signature: v=1; b=EEEEFFFFGGGG\r\n";
  const auto outcomes = all(broken + kMail);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0].signature, "AAAABBBBCCCC");
  EXPECT_EQ(outcomes[1].signature, "AAAABBBBDDDD");
  EXPECT_EQ(outcomes[2].signature, "EEEEFFFF");
}

TEST_F(Verify, SaysWhatIsNotSigned) {
  test::SignOptions options;
  options.headers = {"from"};
  EXPECT_EQ(word(test::sign(kMail, rsa(), options)), "pass");
  EXPECT_EQ(fact(recorder, "dkim.warning", "fields"), "Subject,Date,To,Message-ID");
}

TEST_F(Verify, CanonicalIsWhatWasHashed) {
  test::SignOptions options;
  options.length = 5;
  options.headers = {"from", "subject"};
  const message::Message mail(test::sign(kMail, rsa(), options));
  const auto hashed = canonical(mail, 0);
  ASSERT_TRUE(hashed);
  EXPECT_EQ(hashed->body, "Hi.\r\n");
  EXPECT_TRUE(hashed->header.starts_with(
      "from:Joe <joe@example.com>\r\nsubject:Is dinner ready?\r\ndkim-signature:v=1;"));
  EXPECT_TRUE(hashed->header.ends_with("; b="));
  EXPECT_FALSE(canonical(mail, 1));
  EXPECT_FALSE(canonical(message::Message("DKIM-Signature: v=1\r\n\r\n"), 0));
}

TEST_F(Verify, NeverCrashes) {
  EXPECT_TRUE(rc::check([this](const std::string& garbage, const std::string& body) {
    all("DKIM-Signature:" + garbage + "\r\n\r\n" + body);
    canonical(message::Message("DKIM-Signature:" + garbage + "\r\n\r\n" + body), 0);
  }));
}

}  // namespace
}  // namespace mailassay::dkim
