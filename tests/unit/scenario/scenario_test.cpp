#include "scenario/library.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace mailassay::scenario {
namespace {

Scenario made() {
  Scenario scenario;
  scenario.name = "made";
  scenario.signatures = {{"a.example", "s1", false}, {"b.example", "s2", true}};
  scenario.zone = "{{key:s1._domainkey.a.example}}\n{{key:s2._domainkey.b.example}}\n";
  scenario.mail = "From: x@a.example\nTo: <{{to}}>\n\nHello\n";
  return scenario;
}

TEST(Scenario, TheEmbeddedOnesAreThere) {
  const auto all = names();
  EXPECT_TRUE(std::ranges::is_sorted(all));
  for (const auto* name : {"ses-default", "mailing-list-footer"})
    EXPECT_NE(std::ranges::find(all, name), all.end()) << name;
  EXPECT_EQ(load("unheard-of", "en"), std::nullopt);
  const auto english = load("length-append", "en").value(), korean = load("length-append", "ko").value();
  EXPECT_NE(english.title, korean.title);
  EXPECT_NE(english.lesson, korean.lesson);
  EXPECT_TRUE(english.signatures.front().length);
  EXPECT_FALSE(english.append.empty());
}

TEST(Scenario, SpeaksEnglishWhereItHasNoOtherWords) {
  const auto english = load("bounce", "en"), korean = load("bounce", "ko"), other = load("bounce", "fr");
  ASSERT_TRUE(english && korean && other);
  EXPECT_NE(korean->title, english->title);
  EXPECT_EQ(other->title, english->title);
  EXPECT_EQ(other->lesson, english->lesson);
}

TEST(Scenario, TheFirstSignatureIsOnTopAndItsKeyIsInTheZone) {
  const auto prepared = prepare(made(), "me@example.net");
  const auto first = prepared.mail.find("d=a.example; s=s1;"),
             second = prepared.mail.find("d=b.example; s=s2;");
  EXPECT_LT(first, second);
  EXPECT_LT(second, prepared.mail.find("From: "));
  EXPECT_NE(prepared.mail.find("To: <me@example.net>\r\n"), std::string::npos);
  EXPECT_EQ(prepared.mail.find("l=7;", 0), prepared.mail.find("l=7;", second)) << "the second alone has l=";
  EXPECT_NE(prepared.mail.find("l=7;"), std::string::npos);
  EXPECT_TRUE(prepared.zone.starts_with("s1._domainkey.a.example TXT \"v=DKIM1; k=rsa; p="));
  EXPECT_EQ(prepared.zone.find("{{"), std::string::npos);
}

TEST(Scenario, WhatHappensOnTheWayIsNotSigned) {
  auto scenario = made();
  scenario.prepend = "Received: from x\n by y\n";
  scenario.append = "-- \nfooter\n";
  const auto mail = prepare(scenario, "me@example.net").mail;
  EXPECT_TRUE(mail.starts_with("Received: from x\r\n by y\r\nDKIM-Signature: "));
  EXPECT_TRUE(mail.ends_with("\r\n\r\nHello\r\n-- \r\nfooter\r\n"));
}

TEST(Library, PreparesOnce) {
  Library library;
  const auto& once = library.prepared(made());
  EXPECT_EQ(&library.prepared(made()), &once);
  EXPECT_NE(once.mail.find("To: <customer@example.net>\r\n"), std::string::npos);
  EXPECT_NE(prepare(made(), Library::kRecipient).zone, once.zone) << "keys are fresh";
}

}  // namespace
}  // namespace mailassay::scenario
