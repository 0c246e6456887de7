#include "intake/recipient_address.h"

#include <vector>

#include <gtest/gtest.h>

namespace mailassay::intake {
namespace {

using Kind = RecipientAddress::Kind;

Kind kind_of(std::string_view mailbox) {
  static const std::vector<std::string> ours{"mailassay.test"};
  return read_recipient(mailbox, ours).kind;
}

TEST(RecipientAddress, OurDomainMayHaveItsDot) {
  EXPECT_EQ(kind_of("ld-x@mailassay.test"), Kind::inbox);
  EXPECT_EQ(kind_of("LD-X@MailAssay.TEST."), Kind::inbox);
  EXPECT_EQ(kind_of("Postmaster"), Kind::postmaster);
}

TEST(RecipientAddress, TwoDotsAreNoDomainOfOurs) {
  EXPECT_EQ(kind_of("ld-x@mailassay.test.."), Kind::elsewhere);
}

}  // namespace
}  // namespace mailassay::intake
