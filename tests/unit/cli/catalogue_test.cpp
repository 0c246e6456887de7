// The catalogue says every kind and code of the sources, in both languages, with the same facts.
#include "cli/words.h"
#include "http/assets.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace mailassay::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Names = std::set<std::string>;

const json::object& catalogue(const std::string& language) {
  static std::map<std::string, json::object> known;
  if (!known.contains(language))
    known[language] = json::parse(assets::find("i18n/" + language + ".json")->content).as_object();
  return known[language];
}

// The sources of these rooms, without comments.
std::string sources(std::initializer_list<const char*> rooms) {
  std::string all;
  for (const auto* room : rooms)
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(TEST_SOURCE_DIR) / "../../../server" / room)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) all += line.substr(0, line.find("//")) + '\n';
    }
  return all;
}

Names found(const std::string& text, const char* pattern) {
  const std::regex expression(pattern);
  Names names;
  for (std::sregex_iterator hit(text.begin(), text.end(), expression), end; hit != end; ++hit)
    names.insert((*hit)[1]);
  return names;
}

void collect_cases(const json::value& value, Names& names) {
  if (!value.is_object()) return;
  for (const auto& [key, inner] : value.get_object()) {
    if (key == "cases")
      for (const auto& [label, ignored] : inner.as_object()) names.insert(label);
    collect_cases(inner, names);
  }
}

void collect_facts(const json::value& value, Names& names) {
  if (value.is_string()) {
    const auto facts = found(std::string(value.get_string()), R"(\{([a-zA-Z0-9_.]+)\})");
    names.insert(facts.begin(), facts.end());
  } else if (value.is_object()) {
    for (const auto& [key, inner] : value.get_object())
      if (key != "select") collect_facts(inner, names);
  }
}

TEST(Catalogue, HasWordsForEveryKind) {
  const auto text = sources({"smtp", "intake", "dns", "evaluation", "message"});
  const auto kinds = found(
      text,
      R"re("((?:connection|smtp|message|dns|iprev|spf|dkim|arc|dmarc|advice|evaluation)\.[a-z0-9_]+)")re");
  EXPECT_GT(kinds.size(), 60U);
  EXPECT_TRUE(kinds.contains("spf.term") && kinds.contains("dmarc.walk_query"));
  const Names properties = {"smtp.helo", "smtp.mailfrom"};  // of Authentication-Results
  for (const auto& kind : kinds)
    EXPECT_TRUE(catalogue("en").contains(kind) || properties.contains(kind)) << kind;
}

// A code is a literal of several words that names no fact: a cause, a reason, or what an entry selects by.
TEST(Catalogue, HasWordsForEveryCode) {
  const Names no_codes = {"mail_from", "rcpt_to", "not_found"};
  Names known;
  for (const auto& [key, entry] : catalogue("en")) {
    if (key.starts_with("cause.")) known.insert(std::string(key).substr(key.rfind('.') + 1));
    if (key.starts_with("page.cure_")) known.insert(std::string(key).substr(10));
    collect_cases(entry, known);
  }
  const auto text = sources({"dns", "evaluation", "message"});
  const auto facts = found(text, R"re((?:[^A-Za-z]\{|Fact\()\s*"([a-z0-9_]+)"\s*,)re");
  const auto codes = found(text, R"re("([a-z][a-z0-9]*(?:_[a-z0-9]+)+)")re");
  EXPECT_GT(codes.size(), 150U);
  for (const auto& code : codes)
    EXPECT_TRUE(known.contains(code) || facts.contains(code) || no_codes.contains(code)) << code;
}

TEST(Catalogue, SaysTheSameInEveryLanguage) {
  EXPECT_EQ(assets::languages().front(), "en");
  EXPECT_TRUE(std::ranges::count(assets::languages(), "ko"));
  for (const auto language : assets::languages()) {
    const auto& other = catalogue(std::string(language));
    EXPECT_EQ(catalogue("en").size(), other.size()) << language;
    for (const auto& [key, entry] : catalogue("en")) {
      const auto* translated = other.if_contains(key);
      ASSERT_NE(translated, nullptr) << language << ' ' << key;
      Names facts, facts_there, cases, cases_there;
      collect_facts(entry, facts);
      collect_facts(*translated, facts_there);
      EXPECT_EQ(facts, facts_there) << language << ' ' << key;
      collect_cases(entry, cases);
      collect_cases(*translated, cases_there);
      EXPECT_EQ(cases, cases_there) << language << ' ' << key;
    }
  }
}

TEST(Words, SayACodeAsTheStandardOfItsKindDoes) {
  const Words words(json::object{{"cause.no_record", "no record"},
                                 {"cause.dmarc.no_record", "no DMARC record"},
                                 {"cause.group", "a group"},
                                 {"dmarc.result", "not applied: {cause}"},
                                 {"spf.result", "none: {cause}"},
                                 {"dmarc.from", "odd: {warnings}"}});
  const json::object facts{{"cause", "no_record"}};
  EXPECT_EQ(words.text("dmarc.result", facts), "not applied: no DMARC record");
  EXPECT_EQ(words.text("spf.result", facts), "none: no record");
  EXPECT_EQ(words.text("dmarc.from", {{"warnings", json::array{"group", "unheard_of"}}}),
            "odd: a group, unheard_of");
  EXPECT_EQ(words.code("spf.result", "unheard_of"), "unheard_of");
}

TEST(Words, LetNoFactSteerTheTerminal) {
  const Words words(json::object{{"message.parsed", "subject {subject}"}});
  EXPECT_EQ(words.text("message.parsed", {{"subject", "a\x1b[2Jb\r\nc"}}), "subject a [2Jb  c");
  EXPECT_EQ(words.text("unknown.kind", {{"fact", "a\x1b"}}), "unknown.kind fact=a ");
}

}  // namespace
}  // namespace mailassay::cli
