// The public suffix list's own tests (publicsuffix.org, CC0) against registrable_domain().
#include "evaluation/dmarc/psl.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace mailassay::dmarc {
namespace {

std::filesystem::path data() {
  const char* given = std::getenv("MAILASSAY_CONFORMANCE");
  return std::filesystem::path(given != nullptr ? given : MAILASSAY_CONFORMANCE_DEFAULT) / "psl";
}

// Where the tests are younger or older than the list of this machine, by the name asked.
const std::set<std::string> kOtherThanTheList = {};

struct Expectation {
  std::string name;
  std::string registrable;  // empty: null
};

std::string or_empty(const std::string& word) {
  return word == "null" ? std::string() : word;
}

// tests.txt: "name registrable"
std::vector<Expectation> read_words(std::istream& in) {
  std::vector<Expectation> list;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string name, registrable;
    if (line.starts_with("//") || !(words >> name >> registrable)) continue;
    list.push_back({or_empty(name), or_empty(registrable)});
  }
  return list;
}

// test_psl.txt: "checkPublicSuffix('name', 'registrable');"
std::vector<Expectation> read_calls(std::istream& in) {
  std::vector<Expectation> list;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("checkPublicSuffix(")) continue;
    auto inside = line.substr(18, line.rfind(')') - 18);
    std::erase(inside, '\'');
    std::erase(inside, ' ');
    const auto comma = inside.find(',');
    list.push_back({or_empty(inside.substr(0, comma)), or_empty(inside.substr(comma + 1))});
  }
  return list;
}

void check(const char* file, std::vector<Expectation> (*read)(std::istream&)) {
  std::ifstream in(data() / file);
  if (!in) {
    ASSERT_EQ(std::getenv("CI"), nullptr) << "no " << data() / file << "; set MAILASSAY_CONFORMANCE";
    GTEST_SKIP() << "no " << data() / file << "; set MAILASSAY_CONFORMANCE to the folder of public data";
  }
  const auto expectations = read(in);
  EXPECT_EQ(expectations.size(), 78u);
  for (const auto& [name, registrable] : expectations) {
    if (kOtherThanTheList.count(name) != 0) continue;
    EXPECT_EQ(registrable_domain(name), registrable) << name;
  }
}

TEST(PublicSuffixList, AnswersItsTestsInWords) {
  check("tests.txt", read_words);
}

TEST(PublicSuffixList, AnswersItsTestsInCalls) {
  check("test_psl.txt", read_calls);
}

}  // namespace
}  // namespace mailassay::dmarc
