// Real and malformed messages of others: each is parsed and judged without a fault of ours.
#include "data.h"
#include "evaluation/arc/validate.h"
#include "evaluation/dkim/verify.h"
#include "support/run.h"
#include "support/txt_resolver.h"

#include <iostream>

#include <gtest/gtest.h>

namespace mailassay {
namespace {

// Every octet of the mail is in its header or its body, every field where its offset says.
void check_parts(const message::Message& mail) {
  ASSERT_EQ(std::string(mail.header()) + std::string(mail.body()), mail.octets());
  for (const auto& field : mail.fields()) {
    ASSERT_EQ(mail.octets().substr(field.offset, field.raw.size()), field.raw);
    ASSERT_TRUE(field.raw.starts_with(field.name));
    ASSERT_NE(field.raw.find(field.value), std::string_view::npos);
  }
}

TEST(MailCorpus, ParsesAndVerifies) {
  const auto folder = test::conformance_folder("mail-corpus");
  MAILASSAY_NEED_FOLDER(folder);
  int all = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".eml") continue;
    SCOPED_TRACE(entry.path().string());
    ++all;
    const message::Message mail(message::with_crlf(test::read_file(entry.path()), nullptr));
    check_parts(mail);
    test::TxtResolver resolver;
    trace::Recorder recorder;
    const evaluation::Limits limits;
    const trace::Scope scope{&recorder, trace::Phase::dkim};
    const auto now = std::chrono::system_clock::from_time_t(1700000000);
    const auto outcomes = test::run(dkim::verify(mail, resolver, scope, now, limits));
    EXPECT_EQ(outcomes.size(), mail.all("DKIM-Signature").size());
    for (const auto& outcome : outcomes) EXPECT_EQ(outcome.result, evaluation::Result::permerror);
    test::run(arc::validate(mail, resolver, scope.in(trace::Phase::arc), now, limits));
  }
  std::cout << "mail-corpus: " << all << "/107\n";
  EXPECT_EQ(all, 107);
}

}  // namespace
}  // namespace mailassay
