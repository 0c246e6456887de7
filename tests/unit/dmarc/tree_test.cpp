#include "evaluation/dmarc/tree.h"

#include <gtest/gtest.h>

namespace mailassay::dmarc {
namespace {

using Strings = std::vector<std::string>;

TEST(WalkTargets, AreTheExampleOfTheRfc) {
  EXPECT_EQ(
      walk_targets("a.b.c.d.e.f.g.h.i.j.mail.example.com", 8),
      (Strings{"a.b.c.d.e.f.g.h.i.j.mail.example.com", "g.h.i.j.mail.example.com", "h.i.j.mail.example.com",
               "i.j.mail.example.com", "j.mail.example.com", "mail.example.com", "example.com", "com"}));
}

TEST(WalkTargets, LoseOneLabelEachBelowEight) {
  EXPECT_EQ(walk_targets("a.example.com", 8), (Strings{"a.example.com", "example.com", "com"}));
  EXPECT_EQ(walk_targets("com", 8), Strings{"com"});
  EXPECT_EQ(walk_targets("1.2.3.4.5.6.7.8", 8).size(), 8u);
  EXPECT_EQ(walk_targets("1.2.3.4.5.6.7.8", 3), (Strings{"1.2.3.4.5.6.7.8", "2.3.4.5.6.7.8", "3.4.5.6.7.8"}));
  EXPECT_EQ(walk_targets("", 8), Strings{});
}

TEST(Domain, IsLabelsOfLettersDigitsHyphensUnderscores) {
  for (const char* name : {"example.com", "com", "_x.example.com", "xn--3e0b707e.kr", "EXAMPLE.com"})
    EXPECT_TRUE(is_domain(name)) << name;
  const std::string long_label(64, 'a');
  for (const std::string& name : Strings{"", ".", "a..b", ".a", "a.", "a b.c", "a\"b.c", "a(b.c", long_label,
                                         std::string("a\0.b", 4), "\xED\x95\x9C.kr", "a\\.b"})
    EXPECT_FALSE(is_domain(name)) << name;
  std::string longest;
  while (longest.size() < 252) longest += "a.";
  EXPECT_TRUE(is_domain(longest + "a"));
  EXPECT_FALSE(is_domain("a." + longest + "a"));
}

Tree tree_of(std::initializer_list<std::pair<const char*, const char*>> records) {
  Tree tree;
  for (const auto& [name, text] : records) {
    Published published;
    published.record = parse_record(text);
    published.state = published.record ? Published::State::record : Published::State::failed;
    tree[name] = std::move(published);
  }
  return tree;
}

TEST(Walked, WhatAFailureHidMayBeAssumed) {
  const auto tree = tree_of({{"b.example.com", ""}, {"example.com", "v=DMARC1; p=none"}});
  const auto organizational = [&](Hidden hidden) {
    return organizational_domain("a.b.example.com", walked(tree, "a.b.example.com", 8, hidden)).domain;
  };
  EXPECT_EQ(organizational(Hidden::nothing), "example.com");
  EXPECT_EQ(organizational(Hidden::plain), "example.com");
  EXPECT_EQ(organizational(Hidden::psd_n), "b.example.com");
  EXPECT_EQ(organizational(Hidden::psd_y), "a.b.example.com");
}

TEST(PolicySource, PrefersAuthorThenOrganizationThenSuffix) {
  const auto source = [](const Tree& tree) {
    const auto found = policy_source("a.example.com", walked(tree, "a.example.com", 8));
    return found ? found->found.domain + " " + found->why : "none";
  };
  EXPECT_EQ(source(tree_of({{"a.example.com", "v=DMARC1"}, {"com", "v=DMARC1; psd=y"}})),
            "a.example.com author_domain");
  EXPECT_EQ(source(tree_of({{"example.com", "v=DMARC1"}, {"com", "v=DMARC1; psd=y"}})),
            "example.com organizational_domain");
  EXPECT_EQ(source(tree_of({{"com", "v=DMARC1; psd=y"}})), "com public_suffix_domain");
  EXPECT_EQ(source({}), "none");
}

}  // namespace
}  // namespace mailassay::dmarc
