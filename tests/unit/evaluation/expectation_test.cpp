#include "evaluation/expectation.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::evaluation {
namespace {

const boost::json::object& report() {
  static const auto object = boost::json::parse(R"({
    "schema": 1,
    "message": {"bytes": 4076, "subject": "a=b, [c]"},
    "connection": {"ip": null, "iprev": {"result": "pass", "names": ["mail.example.com"]}},
    "spf": {"result": "pass", "lookups": 2, "cause": null},
    "spf_helo": null,
    "dkim": [
      {"result": "fail", "domain": "example.com", "key_bits": 2048, "cause": "body_hash_mismatch"},
      {"result": "pass", "domain": "amazonses.com", "key_bits": 1024, "cause": null},
      {"result": "pass", "domain": "example.com", "key_bits": null, "cause": null}],
    "arc": {"result": "none", "instances": 0},
    "dmarc": {"result": "pass", "spf": {"domain": "example.com", "result": "pass", "aligned": true},
      "dkim": [{"domain": "example.com", "result": "pass", "aligned": true}]},
    "nothing": []
  })")
                                 .as_object();
  return object;
}

// Empty if it holds, else what is said.
std::string said(const std::string& text) {
  const auto expectation = Expectation::parse(text);
  if (!expectation) return "refused: " + expectation.error().message;
  EXPECT_EQ(expectation->text(), text);
  return expectation->unmet(report()).value_or("");
}

TEST(Expectation, HoldsInEveryForm) {
  for (const auto* text : {
           "schema=1",
           "spf=pass",  // a path to an object means its result
           "spf.result=pass",
           "spf.lookups=2",
           "spf.cause=null",
           "spf_helo=null",
           "connection.iprev=pass",
           "connection.ip=null",
           "dmarc=pass",
           "dmarc.spf.aligned=true",
           "dmarc.spf=pass",
           "dmarc.dkim[example.com].aligned=true",
           "dkim.any.result=pass",
           "dkim.any=pass",
           "dkim=pass",
           "dkim.0.result=fail",
           "dkim.0=fail",
           "dkim.2.key_bits=null",
           "dkim[example.com]=fail",  // of two, either
           "dkim[example.com]=pass",
           "dkim[amazonses.com].result=pass",
           "dkim[example.com].key_bits>=2048",
           "dkim.any.key_bits<2000",
           "spf.lookups<=10",
           "spf.lookups<=2",
           "spf.lookups>1.5",
           "message.bytes>0",
           "spf!=fail",
           "dkim!=neutral",  // no signature is neutral
           "dkim.any.result!=pass",
           "message.subject=a=b, [c]",
           "connection.iprev.names=mail.example.com",
           "connection.iprev.names.0=mail.example.com",
           "nothing=[]",
       })
    EXPECT_EQ(said(text), "") << text;
}

TEST(Expectation, SaysWhatTheReportHas) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"spf=fail", "spf.result is pass"},
      {"spf.result=Pass", "spf.result is pass"},
      {"spf.lookups=2.0", "spf.lookups is 2"},
      {"spf.lookups>2", "spf.lookups is 2"},
      {"spf!=pass", "spf.result is pass"},
      {"dkim=temperror", "dkim.0.result is fail, dkim.1.result is pass, dkim.2.result is pass"},
      {"dkim!=pass", "dkim.0.result is fail, dkim.1.result is pass, dkim.2.result is pass"},
      {"dkim[amazonses.com]=fail", "dkim.1.result is pass"},
      {"dkim[amazonses.com].key_bits>=2048", "dkim.1.key_bits is 1024"},
      {"dkim.2.key_bits>=1", "dkim.2.key_bits is null"},  // no number is larger than null
      {"dkim.3.result=pass", "dkim has no 3; there is: [example.com], [amazonses.com], [example.com]"},
      {"dkim.-1.result=pass", "dkim has no -1; there is: [example.com], [amazonses.com], [example.com]"},
      {"dkim[evil.example]=pass",
       "dkim has no [evil.example]; there is: [example.com], [amazonses.com], [example.com]"},
      {"nothing.any=pass", "nothing has no element; there is: nothing"},
      {"spf.matched=-all", "spf has no matched; there is: result, lookups, cause"},
      {"spf.result.word=x", "spf.result has no word; there is: only the value pass"},
      {"spf_helo.result=pass", "spf_helo is null: it was not judged"},
      {"spf.any=pass", "spf is no list, so it has no any"},
      {"smtp=pass",
       "the report has no smtp; there is: schema, message, connection, spf, spf_helo, dkim, arc, dmarc, "
       "nothing"},
  };
  for (const auto& [text, actual] : cases) EXPECT_EQ(said(text), "expected " + text + ", but " + actual);
}

// What is not there is not different from anything: a misspelt path must not hold.
TEST(Expectation, AMissingPathNeverHolds) {
  for (const auto* text : {"spf.matched!=x", "dkim[evil.example]!=pass", "spf_helo.result!=fail",
                           "nothing.any!=x", "dkim.9!=pass", "spf.any!=pass"})
    EXPECT_NE(said(text), "") << text;
}

TEST(Expectation, RefusesWhatItCannotRead) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "no operator; write PATH=VALUE, for example dmarc=pass"},
      {"dmarc", "no operator; write PATH=VALUE, for example dmarc=pass"},
      {"=pass", "no path before the operator; write PATH=VALUE"},
      {">=1", "no path before the operator; write PATH=VALUE"},
      {"dmarc==pass", "\"==\" is no operator; write one of = != >= <= > <"},
      {"dmarc>==1", "\">==\" is no operator; write one of = != >= <= > <"},
      {"dmarc!pass", "\"!\" is no operator; write !="},
      {"dmarc =pass", "white space in the path; write it without"},
      {"d marc=pass", "white space in the path; write it without"},
      {".dmarc=pass", "the path is malformed; write names joined by dots, as dkim[example.com].result"},
      {"dmarc.=pass", "the path is malformed; write names joined by dots, as dkim[example.com].result"},
      {"dmarc..spf=pass", "the path is malformed; write names joined by dots, as dkim[example.com].result"},
      {"dkim[]=pass", "the path is malformed; write names joined by dots, as dkim[example.com].result"},
      {"[example.com]=pass",
       "the path is malformed; write names joined by dots, as dkim[example.com].result"},
      {"dkim[example.com]x=pass",
       "the path is malformed; write names joined by dots, as dkim[example.com].result"},
      {"spf.lookups>=many", "\">=\" compares numbers; write a number after it"},
      {"spf.lookups<", "\"<\" compares numbers; write a number after it"},
      {"spf.lookups<nan", "\"<\" compares numbers; write a number after it"},
      {"spf.lookups>1x", "\">\" compares numbers; write a number after it"},
  };
  for (const auto& [text, what] : cases)
    EXPECT_EQ(said(text), "refused: bad expectation \"" + text + "\": " + what);
}

TEST(Expectation, ABracketThatNeverClosesIsRefused) {
  EXPECT_NE(said("dkim[example.com=pass").find("refused"), std::string::npos);
}

}  // namespace
}  // namespace mailassay::evaluation
