#include "advice/adviser.h"

#include "advice/fixes.h"
#include "dns/zone.h"
#include "support/run.h"
#include "support/steps.h"
#include "trace/json.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::advice {
namespace {

using evaluation::Result;

// A mail of example.com by its own server, where all is in order; tests spoil it.
class Advised : public testing::Test {
 protected:
  Advised() {
    report.connection.ip = net::IpAddress::parse("192.0.2.1");
    report.connection.envelope.helo = "mail.example.com";
    report.connection.envelope.mail_from = "bounce@example.com";
    report.iprev.emplace();
    report.iprev->result = Result::pass;
    spf("example.com", Result::pass, true);
    dkim("example.com", Result::pass, true);
    auto& dmarc = report.dmarc.emplace().rfc9989;
    dmarc.result = Result::pass;
    dmarc.from_domain = dmarc.policy_domain = "example.com";
    dmarc.policy = "reject";
    report.dmarc->rfc7489 = dmarc;
    report.dmarc->rfc7489.organizational_domain = "example.com";
  }

  void spf(const std::string& domain, Result result, bool aligned) {
    report.spf.emplace();
    report.spf->domain = domain;
    report.spf->result = result;
    identifiers.spf = {domain, result, aligned};
  }
  void dkim(const std::string& domain, Result result, bool aligned, const std::string& cause = "") {
    dkim::Outcome signature;
    signature.domain = domain;
    signature.selector = "s1";
    signature.result = result;
    signature.cause = cause;
    report.dkim = {signature};
    identifiers.dkim = {{domain, result, aligned}};
  }

  // The kinds in order, without "advice.".
  std::vector<std::string> kinds(const std::string& zone = "") {
    for (auto* outcome : {&report.dmarc->rfc9989, &report.dmarc->rfc7489}) {
      outcome->spf = identifiers.spf;
      outcome->dkim = identifiers.dkim;
    }
    recorder = trace::Recorder();
    const auto resolver = dns::make_zone_resolver(*dns::Zone::parse(zone));
    test::run([](const evaluation::Report& judged, dns::Resolver& asked,
                 trace::Recorder& told) -> boost::asio::awaitable<bool> {
      co_await Adviser().advise(judged, asked, {&told, trace::Phase::verdict});
      co_return true;
    }(report, *resolver, recorder));
    std::vector<std::string> words;
    for (const auto& step : recorder.steps()) {
      EXPECT_EQ(step.phase, trace::Phase::advice);
      words.emplace_back(step.kind.substr(7));
    }
    return words;
  }
  boost::json::object facts(std::size_t index = 0) const {
    return trace::to_json(recorder.steps().at(index).data);
  }
  // "NAME TYPE VALUE" of each record proposed.
  std::vector<std::string> records(std::size_t index = 0) const {
    std::vector<std::string> lines;
    const auto told = facts(index);
    for (const auto& one : told.at("records").as_array()) {
      const auto part = [&](const char* name) { return std::string(one.at(name).as_string()); };
      lines.push_back(part("name") + ' ' + part("type") + ' ' + part("value"));
    }
    return lines;
  }

  struct {
    dmarc::Identifier spf;
    std::vector<dmarc::Identifier> dkim;
  } identifiers;
  evaluation::Report report;
  trace::Recorder recorder;
};

using Words = std::vector<std::string>;

TEST_F(Advised, NothingIsAmiss) {
  EXPECT_EQ(kinds(), Words{"all_green"});
  EXPECT_EQ(facts().at("spf_counts"), true);
  report.dmarc->rfc9989.policy = "none";
  EXPECT_EQ(kinds(), (Words{"all_green", "policy_none"}));
}

TEST_F(Advised, SesAsItComesGetsItsTwoRecords) {
  spf("ap-northeast-2.amazonses.com", Result::pass, false);
  EXPECT_EQ(kinds(), Words{"ses_mail_from"});
  EXPECT_EQ(records(), (Words{"mail.example.com MX 10 feedback-smtp.ap-northeast-2.amazonses.com",
                              "mail.example.com TXT v=spf1 include:amazonses.com ~all"}));
  EXPECT_EQ(facts().at("region"), "ap-northeast-2");
  EXPECT_EQ(facts().at("rank"), 1);
}

TEST_F(Advised, SesOfItsFirstRegionNamesNone) {
  spf("amazonses.com", Result::pass, false);
  kinds();
  EXPECT_EQ(records()[0], "mail.example.com MX 10 feedback-smtp.us-east-1.amazonses.com");
}

TEST_F(Advised, ANameThatReceivesMailIsNotProposed) {
  spf("eu-west-1.amazonses.com", Result::pass, false);
  kinds("mail.example.com MX 10 mx.example.com");
  EXPECT_EQ(facts().at("name"), "bounce.example.com");
}

TEST_F(Advised, SesThatIsSetUpAlreadyIsToBeChecked) {
  spf("ap-northeast-2.amazonses.com", Result::pass, false);
  EXPECT_EQ(kinds("bounce.example.com MX 10 feedback-smtp.ap-northeast-2.amazonses.com"),
            Words{"ses_mail_from_unused"});
  EXPECT_EQ(facts().at("name"), "bounce.example.com");
  EXPECT_EQ(facts().at("same_region"), true);
  kinds("bounce.example.com MX 10 feedback-smtp.us-east-1.amazonses.com");
  EXPECT_EQ(facts().at("region_set"), "us-east-1");
  EXPECT_EQ(facts().at("same_region"), false);
}

TEST_F(Advised, SesWithAnEmailIdentityAloneNeedsADomainIdentityFirst) {
  spf("ap-northeast-2.amazonses.com", Result::pass, false);
  dkim("amazonses.com", Result::pass, false);
  report.dmarc->rfc9989.result = report.dmarc->rfc7489.result = Result::fail;
  EXPECT_EQ(kinds(), (Words{"ses_domain_identity", "ses_mail_from"}));
  EXPECT_EQ(records(0), Words{"(token)._domainkey.example.com CNAME (token).dkim.amazonses.com"});
}

TEST_F(Advised, AProviderIsNamed) {
  spf("em123.sendgrid.net", Result::pass, false);
  dkim("sendgrid.info", Result::pass, false);
  EXPECT_EQ(kinds(), (Words{"dkim_own_domain", "own_return_path"}));
  EXPECT_EQ(facts(0).at("provider"), "SendGrid");
  EXPECT_EQ(facts(1).at("name"), "bounce.example.com");
}

TEST_F(Advised, ABrokenSignatureOfOnesOwnIsTold) {
  dkim("example.com", Result::permerror, true, "key_revoked");
  EXPECT_EQ(kinds(), Words{"dkim_broken"});
  EXPECT_EQ(facts().at("cause"), "key_revoked");
}

TEST_F(Advised, AMissingSourceIsAddedBeforeWhatEndsTheRecord) {
  spf("example.com", Result::softfail, true);
  EXPECT_EQ(kinds("example.com TXT \"v=spf1 ip4:198.51.100.0/24 ~all\""), Words{"spf_source"});
  EXPECT_EQ(records(), Words{"example.com TXT v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.1 ~all"});
  EXPECT_EQ(with_term("v=spf1 redirect=_spf.example.com", "mx"), "v=spf1 mx redirect=_spf.example.com");
  EXPECT_EQ(with_term("v=spf1 a:all.example.com", "mx"), "v=spf1 a:all.example.com mx");
  EXPECT_EQ(with_term("v=spf1 ALL", "mx"), "v=spf1 mx ALL");
}

TEST_F(Advised, AMissingSpfRecordIsWritten) {
  spf("example.com", Result::none, true);
  EXPECT_EQ(kinds(), Words{"spf_record"});
  EXPECT_EQ(records(), Words{"example.com TXT v=spf1 ip4:192.0.2.1 ~all"});
  report.connection.ip = net::IpAddress::parse("127.0.0.5");
  EXPECT_EQ(kinds(), Words{"all_green"});  // such an address belongs into no record
  EXPECT_EQ(facts().at("spf_counts"), false);
}

TEST_F(Advised, ABrokenSpfRecordNamesItsCause) {
  spf("example.com", Result::permerror, true);
  report.spf->cause = "too_many_lookups";
  EXPECT_EQ(kinds("example.com TXT \"v=spf1 include:a\""), Words{"spf_broken"});
  EXPECT_EQ(facts().at("cause"), "too_many_lookups");
  EXPECT_EQ(facts().at("record"), "v=spf1 include:a");
}

TEST_F(Advised, WithoutADmarcRecordOneIsProposedAtTheOrganization) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.from_domain = "shop.example.com";
  dmarc.result = Result::none;
  dmarc.cause = "no_record";
  EXPECT_EQ(kinds(), Words{"dmarc_record"});
  EXPECT_EQ(records(), Words{"_dmarc.example.com TXT v=DMARC1; p=none; rua=mailto:dmarc@example.com"});
  dmarc.cause = "record_invalid";
  dmarc.record = "v=DMARC1; p=nothing";
  dmarc.policy_domain = "shop.example.com";
  EXPECT_EQ(kinds(), Words{"dmarc_record_invalid"});
  EXPECT_EQ(records(), Words{"_dmarc.shop.example.com TXT v=DMARC1; p=none; rua=mailto:dmarc@example.com"});
}

TEST_F(Advised, WhileNothingCountsTheSignatureComesFirst) {
  spf("other.example", Result::pass, false);
  report.dkim = std::vector<dkim::Outcome>{};
  identifiers.dkim.clear();
  report.dmarc->rfc9989.result = Result::none;
  report.dmarc->rfc9989.cause = "no_record";
  EXPECT_EQ(kinds(), (Words{"dkim_own_domain", "own_return_path", "dmarc_record"}));
}

TEST_F(Advised, WithoutARecordWhatAlignsIsReadAsARecordWouldHaveIt) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.policy.clear();
  dmarc.policy_domain.clear();
  dmarc.result = Result::none;
  dmarc.cause = "no_record";
  spf("bounce.example.com", Result::pass, true);  // by RFC 7489, which needs no record
  dkim("example.com", Result::pass, true);
  kinds();
  dmarc.spf.aligned = false;
  EXPECT_EQ(kinds(), Words{"dmarc_record"});
}

TEST_F(Advised, OfSeveralRecordsAllButOneMustGo) {
  const std::string two =
      "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n_dmarc.example.com TXT \"v=DMARC1; p=reject\"";
  EXPECT_EQ(kinds(two), Words{"dmarc_several_records"});
  EXPECT_EQ(facts().at("texts"), (boost::json::array{"v=DMARC1; p=none", "v=DMARC1; p=reject"}));
}

TEST_F(Advised, WhatStandsInTheRecordsPlaceIsNamed) {
  report.dmarc->rfc9989.cause = "no_record";
  EXPECT_EQ(kinds("_dmarc.example.com TXT \"v=DMARC1 p=none\""), Words{"dmarc_record"});
  EXPECT_EQ(facts().at("form"), "near");
  EXPECT_EQ(facts().at("other"), "v=DMARC1 p=none");
  kinds("_dmarc.example.com CNAME gone.vendor.example");
  EXPECT_EQ(facts().at("form"), "alias");
  EXPECT_EQ(facts().at("alias"), "gone.vendor.example");
}

TEST_F(Advised, ABrokenTagAloneIsMended) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.result = Result::none;
  dmarc.cause = "record_invalid";
  dmarc.record = "v=DMARC1; p=reject; sp=qurantine; adkim=s; rua=mailto:a@example.com";
  EXPECT_EQ(kinds(), Words{"dmarc_record_invalid"});
  EXPECT_EQ(facts().at("faults"), "sp=qurantine");
  EXPECT_EQ(records(), Words{"_dmarc.example.com TXT v=DMARC1; p=reject; adkim=s; rua=mailto:a@example.com"});
}

TEST_F(Advised, StrictAlignmentIsKept) {
  report.dmarc->rfc9989.record = "v=DMARC1; p=reject; aspf=s; rua=mailto:a@example.com";
  spf("bounce.example.com", Result::pass, false);
  EXPECT_EQ(kinds(), Words{"own_return_path"});
  EXPECT_EQ(facts().at("name"), "example.com");
  spf("ap-northeast-2.amazonses.com", Result::pass, false);
  EXPECT_EQ(kinds(), Words{"own_return_path"}) << "DKIM counts; SES has no name that would";
  dkim("example.com", Result::fail, true, "body_hash_mismatch");
  EXPECT_EQ(kinds(), (Words{"dkim_broken", "ses_strict_spf"}));
  EXPECT_EQ(records(1), Words{"_dmarc.example.com TXT v=DMARC1; p=reject; aspf=r; rua=mailto:a@example.com"});
}

TEST_F(Advised, NobodyPublishesForAMailboxProvider) {
  report.dmarc->rfc9989.from_domain = report.dmarc->rfc7489.organizational_domain = "gmail.com";
  spf("example.com", Result::pass, false);
  dkim("example.com", Result::pass, false);
  EXPECT_EQ(kinds(), Words{"foreign_from"});
}

TEST_F(Advised, ANameThatExistsIsNoMailFromDomain) {
  spf("eu-west-1.amazonses.com", Result::pass, false);
  kinds("mail.example.com A 192.0.2.1");
  EXPECT_EQ(facts().at("name"), "bounce.example.com");
  kinds("*.example.com MX 10 mx.example.com");
  EXPECT_EQ(facts().at("name"), "(name).example.com");
}

TEST_F(Advised, TheTermStandsBeforeWhatDecidedAndPasses) {
  spf("example.com", Result::neutral, true);
  report.spf->matched = "?ip4:192.0.2.0/24";
  EXPECT_EQ(kinds("example.com TXT \"v=spf1 ?ip4:192.0.2.0/24 -all\""), Words{"spf_source"});
  EXPECT_EQ(records(), Words{"example.com TXT v=spf1 ip4:192.0.2.1 ?ip4:192.0.2.0/24 -all"});
}

TEST_F(Advised, AnIncludeTooManyIsNotProposed) {
  spf("example.com", Result::softfail, true);
  report.connection.envelope.helo = "mail-sor-f41.google.com";
  std::string zone = "_spf.google.com TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\nexample.com TXT \"v=spf1";
  for (int i = 0; i < 10; ++i) zone += " include:i" + std::to_string(i) + ".example.com";
  zone += " ~all\"";
  for (int i = 0; i < 10; ++i) zone += "\ni" + std::to_string(i) + ".example.com TXT \"v=spf1 -all\"";
  EXPECT_EQ(kinds(zone), Words{"spf_full"});
  EXPECT_EQ(facts().at("term"), "include:_spf.google.com");
}

TEST_F(Advised, AServiceWhoseServersAreListedDidNotSend) {
  spf("example.com", Result::softfail, true);
  report.connection.envelope.helo = "mail-sor-f41.google.com";
  EXPECT_EQ(
      kinds("example.com TXT \"v=spf1 include:_spf.google.com ~all\"\n_spf.google.com TXT \"v=spf1 -all\""),
      Words{"spf_elsewhere"});
}

TEST_F(Advised, ARecordThatLetsEverybodySendIsTold) {
  report.spf->matched = "+all";
  EXPECT_EQ(kinds(), Words{"spf_everyone"});
}

TEST_F(Advised, ABounceHasNoReturnPathToChange) {
  report.connection.envelope.mail_from.clear();
  spf("mail.other.example", Result::pass, false);
  EXPECT_EQ(kinds(), Words{"all_green"});
  dkim("other.example", Result::pass, false);
  EXPECT_EQ(kinds(), (Words{"dkim_own_domain", "bounce_helo"}));
}

TEST_F(Advised, ADnsThatDoesNotAnswerComesFirst) {
  report.dmarc->rfc9989.result = Result::temperror;
  report.dmarc->rfc9989.cause = "dns_servfail";
  EXPECT_EQ(kinds(), Words{"dns_trouble"});
}

TEST_F(Advised, ARecordMissingAtTheOrganizationSplitsIt) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.from_domain = dmarc.policy_domain = "news.example.com";
  dmarc.result = Result::fail;
  spf("example.com", Result::pass, false);
  report.dkim = std::vector<dkim::Outcome>{};
  identifiers.dkim.clear();
  dmarc.record = "v=DMARC1; p=reject";
  EXPECT_EQ(kinds("_dmarc.news.example.com TXT \"v=DMARC1; p=reject\""), Words{"dmarc_organization"});
  EXPECT_EQ(records(), Words{"_dmarc.example.com TXT v=DMARC1; p=none; rua=mailto:dmarc@example.com"});
}

TEST_F(Advised, WhatAPassLeavesOpenIsSaid) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.policy = "none";
  dmarc.from_domain = "news.example.com";
  dmarc.record = "v=DMARC1; p=reject; sp=none";
  EXPECT_EQ(kinds(), (Words{"all_green", "policy_none", "no_reports"}));
  EXPECT_EQ(facts(1).at("tag"), "sp");
  EXPECT_EQ(records(2),
            Words{"_dmarc.example.com TXT v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.com"});
  dmarc.policy = "reject";
  dmarc.record = "v=DMARC1; p=reject; t=y";
  EXPECT_EQ(kinds(), (Words{"all_green", "policy_testing"}));
  report.dmarc->rfc7489.result = Result::fail;
  dmarc.record = "v=DMARC1; p=reject";
  EXPECT_EQ(kinds(), Words{"older_receivers"});
}

TEST_F(Advised, ASignatureThatCountsMayBeBetter) {
  auto& signature = report.dkim->front();
  signature.algorithm = "rsa-sha256";
  signature.key_bits = 1024;
  signature.has_length = signature.testing = true;
  EXPECT_EQ(kinds(), (Words{"all_green", "dkim_length", "dkim_testing", "dkim_key_bits"}));
  EXPECT_EQ(facts(3).at("bits"), 1024);
  EXPECT_EQ(facts(3).at("name"), "s1._domainkey.example.com");
  signature.has_length = signature.testing = false;
  signature.key_bits = 2048;
  EXPECT_EQ(kinds(), Words{"all_green"});
  signature.algorithm = "ed25519-sha256";  // its keys are short and good
  signature.key_bits = 256;
  EXPECT_EQ(kinds(), Words{"all_green"});
}

TEST_F(Advised, ASignatureThatDoesNotCountIsNotWorthMending) {
  auto& signature = report.dkim->front();
  signature.algorithm = "rsa-sha256";
  signature.key_bits = 1024;
  identifiers.dkim.front().aligned = false;
  report.dmarc->rfc9989.policy = "none";
  EXPECT_EQ(kinds().front(), "dkim_own_domain");
  for (const auto& kind : kinds()) EXPECT_NE(kind, "dkim_key_bits");
}

TEST_F(Advised, ASuffixIsNobodysToPublishAt) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.from_domain = report.dmarc->rfc7489.organizational_domain = "mailer.co.uk";
  dmarc.policy_domain = "co.uk";
  dmarc.cause = "record_invalid";
  dmarc.result = Result::none;
  dmarc.record = "v=DMARC1; p=rejekt; psd=y";
  EXPECT_EQ(kinds(), Words{"dmarc_record"});
  EXPECT_EQ(records(), Words{"_dmarc.mailer.co.uk TXT v=DMARC1; p=none; rua=mailto:dmarc@mailer.co.uk"});
}

TEST_F(Advised, ASuffixThatIsTheAuthorItselfKeepsItsRecord) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.from_domain = dmarc.policy_domain = report.dmarc->rfc7489.organizational_domain = "service.gov.uk";
  EXPECT_EQ(kinds(), Words{"all_green"});
}

TEST_F(Advised, TagsHaveNoCase) {
  auto& dmarc = report.dmarc->rfc9989;
  dmarc.result = Result::none;
  dmarc.cause = "record_invalid";
  dmarc.record = "v=DMARC1; P=bogus; SP=bogus; RUA=bad; ASPF=s";
  kinds();
  EXPECT_EQ(facts().at("faults"), "P=bogus, SP=bogus");
  EXPECT_EQ(records(),
            Words{"_dmarc.example.com TXT v=DMARC1; p=none; ASPF=s; rua=mailto:dmarc@example.com"});
  EXPECT_EQ(with_tag(*dmarc::parse_record(*dmarc.record), "aspf", "r"),
            "v=DMARC1; P=bogus; SP=bogus; RUA=bad; ASPF=r");
}

TEST_F(Advised, SeveralRecordsBetweenTheAuthorAndItsOrganizationAreFound) {
  report.dmarc->rfc9989.from_domain = "a.b.example.com";
  report.dmarc->rfc9989.cause = "several_records";
  report.dmarc->rfc9989.result = Result::none;
  EXPECT_EQ(
      kinds("_dmarc.b.example.com TXT \"v=DMARC1; p=none\"\n_dmarc.b.example.com TXT \"v=DMARC1; p=reject\""),
      Words{"dmarc_several_records"});
  EXPECT_EQ(facts().at("name"), "_dmarc.b.example.com");
}

TEST_F(Advised, BesideACnameNothingIsProposed) {
  spf("em.example.com", Result::softfail, true);
  const std::string alias = "em.example.com CNAME u1.vendor.example\n";
  EXPECT_EQ(kinds(alias + "u1.vendor.example TXT \"v=spf1 ip4:203.0.113.1 ~all\""), Words{"spf_source"});
  EXPECT_EQ(facts().at("alias"), "u1.vendor.example");
  EXPECT_FALSE(facts().contains("records"));
  spf("em.example.com", Result::none, true);
  EXPECT_EQ(kinds(alias), Words{"spf_record"});
  EXPECT_FALSE(facts().contains("records"));
}

TEST_F(Advised, AServiceThatDoesNotListTheAddressIsNotIncluded) {
  spf("example.com", Result::none, true);
  report.connection.envelope.helo = "mail-sor-f41.google.com";
  kinds("_spf.google.com TXT \"v=spf1 -all\"");
  EXPECT_EQ(records(), Words{"example.com TXT v=spf1 ip4:192.0.2.1 ~all"});
  kinds("_spf.google.com TXT \"v=spf1 ip4:192.0.2.0/24 -all\"");
  EXPECT_EQ(records(), Words{"example.com TXT v=spf1 include:_spf.google.com ~all"});
}

TEST_F(Advised, ATermThatWasNotReachedComesToTheFront) {
  spf("example.com", Result::fail, true);
  report.spf->matched = "-ip4:192.0.2.0/24";
  EXPECT_EQ(kinds("example.com TXT \"v=spf1 -ip4:192.0.2.0/24 ip4:192.0.2.1 -all\""), Words{"spf_source"});
  EXPECT_EQ(records(), Words{"example.com TXT v=spf1 ip4:192.0.2.1 -ip4:192.0.2.0/24 ip4:192.0.2.1 -all"});
}

TEST_F(Advised, OneFromFieldWithOneDomainIsWanted) {
  report.dmarc->from_fields = 2;
  report.dmarc->author_domains = {"example.com"};
  EXPECT_EQ(kinds(), Words{"one_author"});
  EXPECT_EQ(facts().at("fault"), "several_fields");
  report.dmarc->author_domains = {"example.com", "other.example"};
  dkim("example.com", Result::fail, true, "body_hash_mismatch");
  EXPECT_EQ(kinds(), Words{"one_author"}) << "whose records should be set up is open";
  EXPECT_EQ(facts().at("domains"), (boost::json::array{"example.com", "other.example"}));
}

TEST_F(Advised, ANameThatIsNobodysIsNoAuthor) {
  report.dmarc->rfc9989.from_domain = "web01.local";
  EXPECT_EQ(kinds(), Words{"author_domain"});
  EXPECT_EQ(facts().at("cause"), "unreal");
}

TEST_F(Advised, AnAddressWithoutANameIsTold) {
  report.iprev->result = Result::permerror;
  report.iprev->cause = "no_ptr";
  EXPECT_EQ(kinds(), Words{"reverse_name"});
  EXPECT_EQ(facts().at("helo"), "mail.example.com");
}

TEST_F(Advised, AFromWithoutADomainComesBeforeAllElse) {
  spf("example.com", Result::permerror, false);
  report.dmarc->rfc9989.from_domain.clear();
  report.dmarc->rfc9989.result = Result::permerror;
  report.dmarc->rfc9989.cause = "no_from";
  EXPECT_EQ(kinds(), Words{"author_domain"});
  EXPECT_EQ(facts().at("cause"), "no_from");
}

TEST_F(Advised, WhetherSesSignedAtAllIsTold) {
  spf("ap-northeast-2.amazonses.com", Result::pass, false);
  dkim("amazonses.com", Result::pass, false);
  kinds();
  EXPECT_EQ(facts().at("signers"), boost::json::array{"amazonses.com"});
  report.dkim = std::vector<dkim::Outcome>{};
  identifiers.dkim.clear();
  EXPECT_EQ(kinds(), (Words{"ses_domain_identity", "ses_mail_from"}));
  EXPECT_EQ(facts().at("signers"), boost::json::array{});
}

}  // namespace
}  // namespace mailassay::advice
