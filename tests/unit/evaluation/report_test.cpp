// The report's shape is a contract: "schema": 1.
#include "evaluation/report.h"

#include "trace/json.h"

#include <string>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

namespace json = boost::json;

trace::TimePoint at(std::int64_t seconds) {
  return trace::TimePoint(std::chrono::seconds(seconds));
}

spf::Outcome spf_pass(spf::Identity identity, std::string domain, std::string matched) {
  spf::Outcome outcome;
  outcome.result = Result::pass;
  outcome.identity = identity;
  outcome.domain = std::move(domain);
  outcome.matched = std::move(matched);
  return outcome;
}

dkim::Outcome dkim_pass() {
  dkim::Outcome outcome;
  outcome.result = Result::pass;
  outcome.domain = "example.com";
  outcome.selector = "s1";
  outcome.identity = "@example.com";
  outcome.algorithm = "rsa-sha256";
  outcome.key_bits = 2048;
  outcome.body_hash = "match";
  outcome.signature = "AbCdEfGh";
  return outcome;
}

dmarc::Outcome dmarc_pass() {
  dmarc::Outcome outcome;
  outcome.result = Result::pass;
  outcome.from_domain = "example.com";
  outcome.organizational_domain = "example.com";
  outcome.policy_domain = "example.com";
  outcome.record = "v=DMARC1; p=none";
  outcome.policy = "none";
  outcome.disposition = "none";
  outcome.spf = {"example.com", Result::pass, true};
  outcome.dkim = {{"example.com", Result::pass, true}};
  return outcome;
}

Report whole_report() {
  Report report;
  report.message = {"m1", 4076, at(1795485600), {"a@example.com"}, "Your order", false};
  report.connection.source = Source::smtp;
  report.connection.ip = net::IpAddress::parse("192.0.2.1");
  report.connection.envelope.helo = "mail.example.com";
  report.connection.envelope.mail_from = "bounce@example.com";
  report.connection.envelope.rcpt_to = {"ld-abc@mailassay.test"};
  report.connection.envelope.tls = message::Tls{"TLSv1.3", "TLS_AES_256_GCM_SHA384"};
  report.iprev = iprev::Outcome{Result::pass, {"mail.example.com"}, ""};
  report.spf = spf_pass(spf::Identity::mailfrom, "example.com", "include:amazonses.com");
  report.spf->lookups = 2;
  report.spf_helo = spf_pass(spf::Identity::helo, "mail.example.com", "a");
  report.spf_helo->lookups = 1;
  report.dkim = {dkim_pass()};
  report.arc = arc::Outcome{};
  report.dmarc = dmarc::Outcomes{dmarc_pass(), dmarc_pass()};
  report.authentication_results = "mailassay.test;\r\n\tdmarc=pass header.from=example.com";
  return report;
}

// In the order in which it is printed.
constexpr std::string_view kWhole = R"({
  "schema": 1,
  "message": {"id": "m1", "bytes": 4076, "received_at": "2026-11-24T02:00:00Z", "from": ["a@example.com"],
    "subject": "Your order", "bare_lf": false},
  "connection": {"source": "smtp", "ip": "192.0.2.1", "helo": "mail.example.com", "mail_from": "bounce@example.com",
    "rcpt_to": ["ld-abc@mailassay.test"],
    "tls": {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384"},
    "iprev": {"result": "pass", "names": ["mail.example.com"], "cause": null}},
  "spf": {"result": "pass", "identity": "mailfrom", "domain": "example.com", "matched": "include:amazonses.com",
    "lookups": 2, "void_lookups": 0, "explanation": null, "cause": null},
  "spf_helo": {"result": "pass", "identity": "helo", "domain": "mail.example.com", "matched": "a",
    "lookups": 1, "void_lookups": 0, "explanation": null, "cause": null},
  "dkim": [{"result": "pass", "domain": "example.com", "selector": "s1", "identity": "@example.com",
    "algorithm": "rsa-sha256", "key_bits": 2048, "body_hash": "match", "cause": null}],
  "arc": {"result": "none", "instances": 0, "cause": null},
  "dmarc": {"result": "pass", "from_domain": "example.com", "organizational_domain": "example.com",
    "policy_domain": "example.com", "record": "v=DMARC1; p=none", "policy": "none", "disposition": "none",
    "spf": {"domain": "example.com", "result": "pass", "aligned": true},
    "dkim": [{"domain": "example.com", "result": "pass", "aligned": true}], "cause": null},
  "dmarc_rfc7489": {"result": "pass", "from_domain": "example.com", "organizational_domain": "example.com",
    "policy_domain": "example.com", "record": "v=DMARC1; p=none", "policy": "none", "disposition": "none",
    "spf": {"domain": "example.com", "result": "pass", "aligned": true},
    "dkim": [{"domain": "example.com", "result": "pass", "aligned": true}], "cause": null},
  "authentication_results": "mailassay.test;\r\n\tdmarc=pass header.from=example.com"
})";

TEST(Report, IsTheContractsWhole) {
  EXPECT_EQ(json::serialize(to_json(whole_report())), json::serialize(json::parse(kWhole)));
}

TEST(Report, PartsNotJudgedAreNull) {
  Report report;
  report.message.received_at = at(0);
  constexpr std::string_view kEmpty = R"({
    "schema": 1,
    "message": {"id": null, "bytes": 0, "received_at": "1970-01-01T00:00:00Z", "from": [], "subject": "",
      "bare_lf": false},
    "connection": {"source": "smtp", "ip": null, "helo": "", "mail_from": "", "rcpt_to": [], "tls": null,
      "iprev": null},
    "spf": null, "spf_helo": null, "dkim": null, "arc": null, "dmarc": null, "dmarc_rfc7489": null,
    "authentication_results": null})";
  EXPECT_EQ(json::serialize(to_json(report)), json::serialize(json::parse(kEmpty)));
}

TEST(Report, AMailWithoutSignaturesIsJudgedAndHasNone) {
  auto report = whole_report();
  report.dkim.emplace();
  EXPECT_EQ(to_json(report).at("dkim"), json::array());
}

TEST(Report, WhatAFailureLeavesOutIsNull) {
  auto report = whole_report();
  report.spf->result = Result::fail;
  report.spf->matched = "-all";
  report.spf->explanation = "not from here";
  report.spf_helo->result = Result::permerror;
  report.spf_helo->matched.clear();
  report.spf_helo->cause = "too_many_lookups";
  report.dkim->front().result = Result::permerror;
  report.dkim->front().key_bits = 0;
  report.dkim->front().body_hash.clear();
  report.dkim->front().cause = "no_key";
  report.dmarc->rfc9989.record.reset();
  report.dmarc->rfc9989.policy.clear();
  report.dmarc->rfc9989.policy_domain.clear();
  const auto object = to_json(report);
  EXPECT_EQ(object.at("spf").at("explanation"), "not from here");
  EXPECT_EQ(object.at("spf_helo").at("matched"), nullptr);
  EXPECT_EQ(object.at("spf_helo").at("cause"), "too_many_lookups");
  const auto& signature = object.at("dkim").at(0);
  EXPECT_EQ(signature.at("key_bits"), nullptr);
  EXPECT_EQ(signature.at("body_hash"), nullptr);
  EXPECT_EQ(signature.at("cause"), "no_key");
  for (const auto* name : {"record", "policy", "policy_domain"})
    EXPECT_EQ(object.at("dmarc").at(name), nullptr);
}

TEST(Report, SaysWhereTheConnectionCameFrom) {
  auto report = whole_report();
  report.connection.peer = net::IpAddress::parse("127.0.0.1");
  EXPECT_EQ(to_json(report).at("connection").at("peer"), "127.0.0.1");  // assume_ip replaced it
  EXPECT_FALSE(to_json(report).at("connection").as_object().contains("guessed"));
  report.connection.source = Source::headers;
  EXPECT_EQ(to_json(report).at("connection").at("source"), "headers");
  EXPECT_EQ(to_json(report).at("connection").at("guessed"), json::array());
  report.connection.source = Source::command;
  report.connection.guessed = {"mail_from"};
  EXPECT_EQ(to_json(report).at("connection").at("source"), "command");
  EXPECT_EQ(to_json(report).at("connection").at("guessed"), (json::array{"mail_from"}));
}

TEST(Report, EveryResultHasItsWord) {
  auto report = whole_report();
  std::string words;
  for (const auto result : {Result::none, Result::neutral, Result::pass, Result::fail, Result::softfail,
                            Result::policy, Result::temperror, Result::permerror}) {
    report.spf->result = result;
    words += json::value_to<std::string>(to_json(report).at("spf").at("result")) + ' ';
  }
  EXPECT_EQ(words, "none neutral pass fail softfail policy temperror permerror ");
}

// Each text of the report in turn is not UTF-8; what is printed always is.
TEST(Report, InvalidUtf8BecomesTheReplacementCharacter) {
  const std::string octets("a\xff\xc3(\xed\xa0\x80z\xe2\x82", 10);
  const std::string shown = "a\uFFFD\uFFFD(\uFFFD\uFFFD\uFFFDz\uFFFD\uFFFD";
  auto report = whole_report();
  const std::vector<std::string*> texts{&report.message.id,
                                        &report.message.from[0],
                                        &report.message.subject,
                                        &report.connection.envelope.helo,
                                        &report.connection.envelope.mail_from,
                                        &report.connection.envelope.rcpt_to[0],
                                        &report.connection.envelope.tls->cipher,
                                        &report.iprev->names[0],
                                        &report.spf->domain,
                                        &report.spf->matched,
                                        &report.spf_helo->domain,
                                        &report.dkim->front().domain,
                                        &report.dkim->front().selector,
                                        &report.dkim->front().identity,
                                        &report.dkim->front().algorithm,
                                        &*report.dmarc->rfc9989.record,
                                        &report.dmarc->rfc9989.from_domain,
                                        &report.dmarc->rfc9989.policy_domain,
                                        &report.dmarc->rfc9989.spf.domain,
                                        &report.dmarc->rfc7489.dkim[0].domain,
                                        &report.authentication_results};
  for (auto* text : texts) {
    const auto kept = std::exchange(*text, octets);
    const auto printed = json::serialize(to_json(report));
    EXPECT_NE(printed.find('"' + shown + '"'), std::string::npos) << printed;
    EXPECT_EQ(trace::valid_utf8(printed), printed);
    *text = kept;
  }
  report.spf->explanation = octets;
  EXPECT_EQ(to_json(report).at("spf").at("explanation"), json::value(shown));
}

}  // namespace
}  // namespace mailassay::evaluation
