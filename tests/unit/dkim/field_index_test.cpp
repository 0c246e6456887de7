#include "evaluation/dkim/field_index.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace mailassay::dkim {
namespace {

std::vector<std::string> chosen(const message::Message& mail, std::vector<std::string_view> names,
                                const message::Field* own = nullptr) {
  const FieldIndex index(mail.fields());
  std::vector<std::string> values;
  for (const auto* field : index.select(names, own))
    values.emplace_back(field == nullptr ? "-" : field->value);
  return values;
}

const message::Message& mail() {
  static const message::Message mail(
      "A:1\r\nB:2\r\na:3\r\nDKIM-Signature:top\r\nA :4\r\ndkim-signature:low\r\n\r\n");
  return mail;
}

TEST(FieldIndex, TakesTheLowestFirst) {
  EXPECT_EQ(chosen(mail(), {"a", "A", "b", "a"}), (std::vector<std::string>{"4", "3", "2", "1"}));
}

TEST(FieldIndex, MoreEntriesThanFieldsSignTheirAbsence) {
  EXPECT_EQ(chosen(mail(), {"b", "b", "b", "c", ""}), (std::vector<std::string>{"2", "-", "-", "-", "-"}));
}

TEST(FieldIndex, NeverTakesTheOwnField) {
  const auto* top = mail().all("DKIM-Signature")[0];
  const auto* low = mail().all("DKIM-Signature")[1];
  const std::vector<std::string_view> twice{"dkim-signature", "dkim-signature"};
  EXPECT_EQ(chosen(mail(), twice, top), (std::vector<std::string>{"low", "-"}));
  EXPECT_EQ(chosen(mail(), twice, low), (std::vector<std::string>{"top", "-"}));
}

TEST(FieldIndex, CountsWithoutCase) {
  const FieldIndex index(mail().fields());
  EXPECT_EQ(index.count("a"), 3U);
  EXPECT_EQ(index.count("z"), 0U);
}

TEST(FieldIndex, HugeHeadersAndLongListsEnd) {
  std::string octets;
  for (int i = 0; i < 50000; ++i) octets += "A:1\r\n";
  const message::Message big(octets);
  const std::vector<std::string_view> names(100000, "a");
  const auto values = chosen(big, names);
  EXPECT_EQ(std::count(values.begin(), values.end(), "-"), 50000);
}

}  // namespace
}  // namespace mailassay::dkim
