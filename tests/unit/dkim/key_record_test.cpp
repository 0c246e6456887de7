#include "evaluation/dkim/key_record.h"

#include "evaluation/dkim/base64.h"
#include "evaluation/dkim/key_set.h"
#include "evaluation/dkim/rsa_key.h"
#include "support/dkim_signer.h"

#include <rapidcheck.h>
#include <string>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

std::string fault_of(std::string_view text) {
  const KeyRecord record = parse_key_record(text);
  return record.fault ? std::string(record.fault->cause) + " " + std::string(record.fault->why) : "";
}

TEST(KeyRecord, ReadsEveryTag) {
  const KeyRecord record =
      parse_key_record("v=DKIM1; k=ed25519; h=sha1 : sha256; s=email:*; t=y : s; n=a note; p= YW Jj ;");
  ASSERT_FALSE(record.fault);
  EXPECT_EQ(record.key_type, KeyType::ed25519);
  EXPECT_TRUE(record.allows(Hash::sha256));
  EXPECT_TRUE(record.for_email());
  EXPECT_TRUE(record.has_flag("y"));
  EXPECT_TRUE(record.has_flag("s"));
  EXPECT_EQ(record.notes, "a note");
  EXPECT_EQ(record.key, "abc");
}

TEST(KeyRecord, DefaultsAllowEverything) {
  const KeyRecord record = parse_key_record("p=YWJj");
  ASSERT_FALSE(record.fault);
  EXPECT_EQ(record.key_type, KeyType::rsa);
  EXPECT_TRUE(record.allows(Hash::sha1));
  EXPECT_TRUE(record.allows(Hash::sha256));
  EXPECT_TRUE(record.for_email());
  EXPECT_FALSE(record.has_flag("y"));
}

TEST(KeyRecord, LimitsHashAndService) {
  EXPECT_FALSE(parse_key_record("h=sha1; p=YQ").allows(Hash::sha256));
  EXPECT_FALSE(parse_key_record("s=tlsrpt; p=YQ").for_email());
  EXPECT_TRUE(parse_key_record("s=tlsrpt:email; p=YQ").for_email());
}

TEST(KeyRecord, VersionStandsFirstAndSaysDkim1) {
  EXPECT_EQ(fault_of("k=rsa; v=DKIM1; p=YQ"), "key_invalid version_not_first");
  EXPECT_EQ(fault_of("v=DKIM2; p=YQ"), "key_invalid version_unknown");
  EXPECT_EQ(fault_of("v=dkim1; p=YQ"), "key_invalid version_unknown");
  EXPECT_TRUE(parse_key_record("v=spf1 -all").foreign);
  EXPECT_FALSE(parse_key_record("k=rsa; v=DKIM1; p=YQ").foreign);
}

TEST(KeyRecord, AnEmptyKeyIsRevokedAMissingOneInvalid) {
  EXPECT_EQ(fault_of("v=DKIM1; p="), "key_revoked ");
  EXPECT_EQ(fault_of("v=DKIM1; p= ;"), "key_revoked ");
  EXPECT_EQ(fault_of("v=DKIM1; k=rsa"), "key_invalid tag_missing");
  EXPECT_EQ(fault_of("v=DKIM1; p=***"), "key_invalid not_base64");
  EXPECT_EQ(fault_of("v=DKIM1; p=YQ; p=YQ"), "key_invalid tag_duplicate");
  EXPECT_EQ(fault_of("v=DKIM1; k=rsa; omgwhatsgoingon"), "key_invalid no_equals_sign");
}

TEST(KeyRecord, NeverCrashes) {
  EXPECT_TRUE(rc::check([](const std::string& text) { KeyCandidate("v=DKIM1; " + text); }));
  EXPECT_TRUE(rc::check([](const std::string& der) { parse_rsa_key(der); }));
}

TEST(RsaKey, ReadsBothForms) {
  const auto key = test::SigningKey::rsa(1024);
  const auto info = decode_base64(key.p());
  const auto bare = decode_base64(key.p_pkcs1());
  ASSERT_NE(*info, *bare);
  const auto from_info = parse_rsa_key(*info);
  const auto from_bare = parse_rsa_key(*bare);
  ASSERT_TRUE(from_info && from_bare);
  EXPECT_EQ(from_info->bits, 1024);
  EXPECT_EQ(from_info->modulus, from_bare->modulus);
  EXPECT_EQ(from_bare->exponent, std::string("\x01\x00\x01", 3));
}

TEST(RsaKey, RefusesWhatIsCutOrOfAnotherKind) {
  const auto der = decode_base64(test::SigningKey::rsa(512).p());
  for (std::size_t size = 0; size < der->size(); ++size) EXPECT_FALSE(parse_rsa_key(der->substr(0, size)));
  std::string other = *der;
  other[other.find("\x2a\x86\x48") + 8] = 2;  // another algorithm's identifier
  EXPECT_FALSE(parse_rsa_key(other));
}

TEST(KeyCandidate, LoadsEd25519FromItsRawOctetsAlone) {
  const KeyCandidate good("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  EXPECT_TRUE(good.key);
  EXPECT_EQ(good.bits, 256);
  // The SubjectPublicKeyInfo that openssl prints: a common mistake.
  const KeyCandidate wrapped("k=ed25519; p=MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  EXPECT_FALSE(wrapped.key);
  ASSERT_TRUE(wrapped.record.fault);
  EXPECT_EQ(wrapped.record.fault->why, "not_32_octets");
}

TEST(KeyCandidate, RefusesAnExponentAsLongAsAModulus) {
  // RSAPublicKey: a modulus of 64 octets, an exponent of 16.
  const std::string der = "\x30\x54\x02\x40" + std::string(64, '\x7f') + "\x02\x10" + std::string(16, '\x7f');
  const KeyCandidate candidate("p=" + encode_base64(der));
  ASSERT_TRUE(candidate.record.fault);
  EXPECT_EQ(candidate.record.fault->why, "exponent_too_long");
}

TEST(KeySet, ChoosesTheUsableOneOfTheWantedType) {
  KeySet keys;
  keys.candidates.emplace_back("v=spf1 -all");
  EXPECT_EQ(choose(keys, KeyType::rsa), nullptr);
  keys.candidates.emplace_back("v=DKIM1; p=");
  EXPECT_EQ(choose(keys, KeyType::rsa), &keys.candidates[1]);
  keys.candidates.emplace_back("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  EXPECT_EQ(choose(keys, KeyType::rsa), &keys.candidates[2]);
  keys.candidates.emplace_back("k=rsa; p=" + test::SigningKey::rsa(1024).p());
  EXPECT_EQ(choose(keys, KeyType::rsa), &keys.candidates[3]);
  EXPECT_EQ(choose(keys, KeyType::ed25519), &keys.candidates[2]);
}

TEST(KeySet, IsParsedOnceAnAnswer) {
  dns::Answer answer;
  dns::Record record;
  record.type = dns::Type::TXT;
  record.data =
      std::vector<std::string>{"v=DKIM1; k=ed2", "5519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="};
  answer.records.push_back(record);
  const auto keys = keys_of(answer);
  ASSERT_EQ(keys->candidates.size(), 1U);
  EXPECT_TRUE(keys->candidates[0].key);
  EXPECT_EQ(keys_of(answer), keys);
}

}  // namespace
}  // namespace mailassay::dkim
