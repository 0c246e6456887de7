#include "evaluation/dmarc/author.h"

#include "evaluation/dmarc/evaluate.h"
#include "message/address.h"
#include "support/run.h"
#include "support/steps.h"
#include "support/txt_resolver.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace mailassay::dmarc {
namespace {

bool warns(const Author& author, std::string_view code) {
  return std::find(author.warnings.begin(), author.warnings.end(), code) != author.warnings.end();
}

TEST(Author, DomainsAreToldOnceInTheOrderOfTheMail) {
  const auto author =
      author_of(message::Message("From: a@b.example, c@A.example\r\nFrom: d@B.example.\r\n\r\n"));
  EXPECT_EQ(author.domains, (std::vector<std::string>{"b.example", "a.example"}));
  EXPECT_EQ(author.addresses.size(), 3U);
  EXPECT_FALSE(author.unread || warns(author, "too_long"));
}

// Addresses in memory are a hundred times their octets: From fields that fill a mail are not read whole.
TEST(Author, OfFieldsWithoutEndIsReadInPart) {
  std::string field = "From: ";
  for (int i = 0; i < 100000; ++i) field += "a@" + std::to_string(i) + ".example,";
  const std::string fields = [] {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += "From: a@" + std::to_string(i) + ".example\r\n";
    return text;
  }();
  for (const auto& mail : {field + "\r\n\r\n", fields + "\r\n"}) {
    const auto author = author_of(message::Message(mail));
    EXPECT_TRUE(author.unread && warns(author, "too_long"));
    EXPECT_GT(author.domains.size(), 1000U);
    EXPECT_LT(author.domains.size(), 10000U);
    EXPECT_EQ(author.domains.back(), std::to_string(author.domains.size() - 1) + ".example");
  }
}

// What was not read might have named a domain that fails.
TEST(Author, ReadInPartNeverPasses) {
  std::string field = "From: a@example.com";
  while (field.size() < message::kAddressOctets) field += ", a@example.com";
  const message::Message mail(field + ", a@bank.example\r\n\r\n");
  test::TxtResolver resolver;
  resolver.add("_dmarc.example.com", "v=DMARC1; p=reject");
  spf::Outcome spf;
  spf.domain = "example.com";
  spf.result = evaluation::Result::pass;
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto outcomes =
      test::run(evaluate(author_of(mail), spf, {}, resolver, {&recorder, trace::Phase::dmarc}, limits));
  for (const auto& outcome : {outcomes.rfc9989, outcomes.rfc7489}) {
    EXPECT_EQ(outcome.result, evaluation::Result::permerror);
    EXPECT_EQ(outcome.cause, "too_long");
  }
  EXPECT_EQ(test::fact(recorder, "dmarc.several_result", "cause"), "too_long");
}

}  // namespace
}  // namespace mailassay::dmarc
