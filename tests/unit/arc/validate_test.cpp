#include "evaluation/arc/validate.h"

#include "support/dkim_signer.h"
#include "support/run.h"
#include "support/steps.h"
#include "support/txt_resolver.h"

#include <rapidcheck.h>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::arc {
namespace {

using test::fact;

const std::string kMail = "From: Joe <joe@example.com>\r\nTo: a@b.example\r\nSubject: dinner\r\n\r\nHi.\r\n";

const test::SigningKey& key() {
  static const auto key = test::SigningKey::rsa(1024);
  return key;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// The mail with one more set on top, sealed over all sets so far (oldest first) as RFC 8617 section 5.1 says.
class Sealer {
 public:
  std::string add(const std::string& mail, const std::string& cv) {
    const std::string i = std::to_string(++instance_);
    const std::string results = "ARC-Authentication-Results: i=" + i + "; b.example; spf=pass\r\n";
    test::SignOptions options;
    options.field_name = "ARC-Message-Signature";
    options.first_tag = "i=" + i;
    options.headers = {"from", "subject"};
    const std::string with_message_signature = test::sign(mail, key(), options);
    const std::string message_signature =
        with_message_signature.substr(0, with_message_signature.size() - mail.size());
    const std::string seal = "ARC-Seal: i=" + i + "; a=rsa-sha256; d=example.com; s=s1; cv=" + cv + "; b=";
    sealed_ += test::canonical_field(results, true) + test::canonical_field(message_signature, true);
    std::string last = test::canonical_field(seal + "\r\n", true);
    last.resize(last.size() - 2);
    const std::string whole = seal + key().sign(sealed_ + last, "rsa-sha256") + "\r\n";
    sealed_ += test::canonical_field(whole, true);
    return whole + message_signature + results + mail;
  }

 private:
  int instance_ = 0;
  std::string sealed_;
};

class Validate : public testing::Test {
 protected:
  Validate() { resolver.add("s1._domainkey.example.com", key().record()); }

  std::string word(const std::string& octets) {
    recorder = trace::Recorder();
    const message::Message mail(octets);
    outcome = test::run(validate(mail, resolver, {&recorder, trace::Phase::arc},
                                 std::chrono::system_clock::from_time_t(1800000000), limits));
    return std::string(evaluation::to_string(outcome.result)) + (outcome.cause.empty() ? "" : " ") +
           outcome.cause;
  }

  test::TxtResolver resolver;
  evaluation::Limits limits;
  trace::Recorder recorder;
  Outcome outcome;
};

TEST_F(Validate, NothingIsNone) {
  EXPECT_EQ(word(kMail), "none");
  EXPECT_EQ(recorder.steps()[0].kind, "arc.none");
}

TEST_F(Validate, AChainPassesAndIsInformationOnly) {
  Sealer sealer;
  std::string mail = sealer.add(kMail, "none");
  EXPECT_EQ(word(mail), "pass");
  mail = sealer.add(sealer.add(mail, "pass"), "pass");
  EXPECT_EQ(word(mail), "pass");
  EXPECT_EQ(outcome.instances, 3);
  EXPECT_EQ(fact(recorder, "arc.result", "why"), "information_only");
  EXPECT_EQ(test::facts_of(recorder, "arc.seal", "instance"), (std::vector<std::string>{"3", "2", "1"}));
  EXPECT_EQ(test::facts_of(recorder, "arc.message_signature", "instance"), std::vector<std::string>{"3"});
}

TEST_F(Validate, OlderMessageSignaturesMayFail) {
  Sealer sealer;
  const std::string first = sealer.add(kMail, "none");
  const std::string changed = replaced(first, "Subject: dinner", "Subject: [list] dinner");
  EXPECT_EQ(word(changed), "fail signature_mismatch");
  EXPECT_EQ(word(sealer.add(changed, "pass")), "pass");
}

TEST_F(Validate, ChangesAreFound) {
  Sealer sealer;
  const std::string mail = sealer.add(sealer.add(kMail, "none"), "pass");
  EXPECT_EQ(word(replaced(mail, "Hi.", "Ho.")), "fail body_hash_mismatch");
  EXPECT_EQ(word(replaced(mail, "i=1; b.example; spf=pass", "i=1; b.example; spf=fail")),
            "fail seal_mismatch");
}

TEST_F(Validate, SetsMustBeCompleteAndInOrder) {
  Sealer sealer;
  const std::string mail = sealer.add(kMail, "none");
  EXPECT_EQ(word(replaced(mail, "ARC-Seal:", "X-Seal:")), "fail field_missing");
  EXPECT_EQ(word("ARC-Authentication-Results: i=1; x\r\n" + mail), "fail field_duplicate");
  EXPECT_EQ(word("ARC-Authentication-Results: i=3; x\r\n" + mail), "fail field_missing");
  EXPECT_EQ(word("ARC-Authentication-Results: i=51; x\r\n" + mail), "fail too_many_instances");
  EXPECT_EQ(word("ARC-Authentication-Results: x; i=1\r\n" + mail), "fail instance_invalid");
  EXPECT_EQ(word(Sealer().add(kMail, "pass")), "fail cv_invalid");
  EXPECT_EQ(word(Sealer().add(kMail, "fail")), "fail chain_failed_before");
  EXPECT_EQ(fact(recorder, "arc.fault", "instance"), "1");
}

TEST_F(Validate, DnsFailuresFailTheChain) {
  const std::string mail = Sealer().add(kMail, "none");
  resolver = test::TxtResolver();
  resolver.answer_with("s1._domainkey.example.com", dns::Status::timeout);
  EXPECT_EQ(word(mail), "fail dns_timeout");
}

TEST_F(Validate, NeverCrashes) {
  EXPECT_TRUE(rc::check([this](const std::string& a, const std::string& b, const std::string& c) {
    word("ARC-Seal: i=1; " + a + "\r\nARC-Message-Signature: i=1; " + b +
         "\r\nARC-Authentication-Results: i=1; " + c + "\r\n\r\n");
  }));
}

}  // namespace
}  // namespace mailassay::arc
