// Chasquid's cases, and the examples of RFC 6376 and RFC 8463.
#include "data.h"
#include "evaluation/dkim/verify.h"
#include "support/run.h"
#include "support/txt_resolver.h"

#include <iostream>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

using evaluation::Result;

constexpr auto kThen = 1709500000;  // after the newest of these signatures

std::vector<Outcome> verify_octets(const std::string& octets, dns::Resolver& resolver,
                                   const evaluation::Limits& limits = {}) {
  const message::Message mail(message::with_crlf(octets, nullptr));
  trace::Recorder recorder;
  return test::run(verify(mail, resolver, {&recorder, trace::Phase::dkim},
                          std::chrono::system_clock::from_time_t(kThen), limits));
}

// "name: text" lines, "\" continues one; TEMPERROR and PERMERROR are answers.
test::TxtResolver read_records(const std::filesystem::path& path) {
  test::TxtResolver resolver;
  std::string text = test::read_file(path);
  for (std::size_t at; (at = text.find("\\\n")) != std::string::npos;) text.erase(at, 2);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string name = line.substr(0, colon);
    const std::string value = line.substr(line.find_first_not_of(' ', colon + 1));
    if (value == "TEMPERROR")
      resolver.answer_with(name, dns::Status::servfail);
    else if (value == "PERMERROR")
      resolver.answer_with(name, dns::Status::nxdomain);
    else
      resolver.add(name, value);
  }
  return resolver;
}

std::string state_of(Result result) {
  return result == Result::pass ? "SUCCESS" : result == Result::temperror ? "TEMPFAIL" : "PERMFAIL";
}

bool agrees(const std::vector<Outcome>& outcomes, const boost::json::array& expected) {
  if (outcomes.size() != expected.size()) return false;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& one = expected[i].as_object();
    if (state_of(outcomes[i].result) != one.at("State").as_string().c_str()) return false;
    // Where it could not read the field it names no domain; we do.
    if (!one.at("Domain").as_string().empty() && outcomes[i].domain != one.at("Domain").as_string().c_str())
      return false;
  }
  return true;
}

bool case_holds(const std::filesystem::path& path) {
  const std::string name = path.stem().string();
  const auto beside = [&](const char* extension) {
    return std::filesystem::path(path).replace_extension(extension);
  };
  auto resolver = read_records(beside(".dns"));
  const std::string octets = test::read_file(path);
  // Its own policy: a mail of a fold alone is refused there; here it has no signature.
  if (name == "03-bad_message") return verify_octets(octets, resolver).empty();
  evaluation::Limits limits;
  // Its own policy: five signatures a mail.
  if (name == "02-too_many_headers") limits.dkim_signatures = 5;
  const auto expected = boost::json::parse(test::read_file(beside(".result")));
  return agrees(verify_octets(octets, resolver, limits), expected.at("Results").as_array());
}

TEST(DkimConformance, Chasquid) {
  const auto folder = test::conformance_folder("dkim") / "chasquid";
  MAILASSAY_NEED_FOLDER(folder);
  int all = 0;
  int right = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".msg") continue;
    ++all;
    const bool holds = case_holds(entry.path());
    EXPECT_TRUE(holds) << entry.path();
    right += holds ? 1 : 0;
  }
  std::cout << "dkim: " << right << "/" << all << "\n";
  EXPECT_EQ(all, 11);
}

test::TxtResolver football() {
  test::TxtResolver resolver;
  resolver.add("brisbane._domainkey.football.example.com",
               "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  resolver.add(
      "test._domainkey.football.example.com",
      "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bd"
      "OKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVY"
      "LzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB");
  return resolver;
}

// RFC 6376's mail, signed with simple/simple by the keys of RFC 8463.
TEST(DkimConformance, Rfc6376Message) {
  const auto folder = test::conformance_folder("dkim") / "rfc";
  MAILASSAY_NEED_FOLDER(folder);
  auto resolver = football();
  const auto outcomes = verify_octets(test::read_file(folder / "rfc6376.signed.msg"), resolver);
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].result, Result::pass) << outcomes[0].cause;
  EXPECT_EQ(outcomes[0].algorithm, "ed25519-sha256");
  EXPECT_EQ(outcomes[1].result, Result::pass) << outcomes[1].cause;
  EXPECT_EQ(outcomes[1].key_bits, 1024);
  EXPECT_TRUE(verify_octets(test::read_file(folder / "rfc6376.msg"), resolver).empty());
}

// d=test.ex; its record has neither v= nor another type than Ed25519, and From is nobody@example.com.
TEST(DkimConformance, Ed25519OfExim) {
  const auto folder = test::conformance_folder("dkim") / "rfc";
  MAILASSAY_NEED_FOLDER(folder);
  test::TxtResolver resolver;
  resolver.add("sed._domainkey.test.ex",
               "v=DKIM1; k=ed25519; p=sPs07Vu29FpHT/80UXUcYHFOHifD4o2ZlP2+XUh9g6E=");
  const auto outcomes = verify_octets(test::read_file(folder / "ed25519test2.msg"), resolver);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].body_hash, "match");
  EXPECT_EQ(outcomes[0].result, Result::pass) << outcomes[0].cause;
}

}  // namespace
}  // namespace mailassay::dkim
