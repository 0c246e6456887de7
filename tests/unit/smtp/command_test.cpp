#include "smtp/command.h"

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

Command parsed(std::string_view line) {
  auto result = parse_command(line);
  if (const auto* reply = std::get_if<Reply>(&result)) {
    ADD_FAILURE() << line << " was refused: " << reply->to_wire();
    return {};
  }
  return std::get<Command>(std::move(result));
}

std::string refusal(std::string_view line) {
  const auto result = parse_command(line);
  if (const auto* reply = std::get_if<Reply>(&result)) {
    return std::to_string(reply->code) + " " + reply->status + " " + reply->lines.front();
  }
  return "accepted";
}

struct PathCase {
  std::string_view argument, mailbox;
};

TEST(Command, TakesAnyReversePathThatHasAnEnd) {
  const PathCase cases[] = {
      {":<a@example.com>", "a@example.com"},
      {": <a@example.com>", "a@example.com"},
      {":a@example.com", "a@example.com"},
      {" : <a@example.com>", "a@example.com"},
      {":<>", ""},
      {": <>", ""},
      {":<pepe>", "pepe"},
      {":<@one.test,@two.test:a@example.com>", "a@example.com"},
      {":<\"a>b\"@example.com>", "\"a>b\"@example.com"},
      {":<\"a\\\"> b\"@example.com>", "\"a\\\"> b\"@example.com"},
      {":<\"never closed@example.com>", "\"never closed@example.com"},
      {":<a@[192.0.2.1]>", "a@[192.0.2.1]"},
      {":<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"},
      {":<a@@b@c>", "a@@b@c"},
      {":<a b@example.com>", "a b@example.com"},
      {":<a@xn--->", "a@xn---"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(parsed("MAIL FROM" + std::string(c.argument)).path.mailbox, c.mailbox) << c.argument;
    EXPECT_EQ(parsed("mail from" + std::string(c.argument)).path.mailbox, c.mailbox) << c.argument;
  }
}

TEST(Command, TellsTheSourceRouteAndMissingBrackets) {
  const auto path = parsed("RCPT TO:<@one.test,@two.test:a@example.com>").path;
  EXPECT_EQ(path.source_route, "@one.test,@two.test");
  EXPECT_TRUE(path.bracketed);
  EXPECT_FALSE(parsed("RCPT TO:a@example.com").path.bracketed);
  EXPECT_EQ(parsed("RCPT TO:<Postmaster>").path.mailbox, "Postmaster");
}

TEST(Command, ReadsMailParameters) {
  const auto mail = parsed("MAIL FROM:<> SIZE=1234 body=8bitmime SMTPUTF8  AUTH=<>").parameters;
  EXPECT_EQ(mail.size, 1234U);
  EXPECT_EQ(mail.body, "8BITMIME");
  EXPECT_TRUE(mail.smtputf8);
  EXPECT_EQ(mail.auth, "<>");
}

TEST(Command, SaysWhatIsWrong) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"MAIL FROM:", "501 5.5.4 Syntax: MAIL FROM:<address>; the address is missing"},
      {"MAIL FROM <a@b>", "501 5.5.4 Syntax: MAIL FROM:<address>; the colon after FROM is missing"},
      {"MAIL LALA:<a@b>", "501 5.5.4 Syntax: MAIL FROM:<address>; FROM: is missing"},
      {"MAIL FROM:<a@b", "501 5.5.4 Syntax: MAIL FROM:<address>; the \"<\" is never closed by \">\""},
      {"MAIL FROM:<a@b>SIZE=1",
       "501 5.5.4 Syntax: MAIL FROM:<address>; after \">\" comes a space, then parameters"},
      {"MAIL FROM:<a@b> SIZE=x", "501 5.5.4 SIZE= wants a number of octets"},
      {"MAIL FROM:<a@b> SIZE=99999999999999999999", "501 5.5.4 SIZE= wants a number of octets"},
      {"MAIL FROM:<a@b> BODY=BINARYMIME", "555 5.5.4 Parameter BODY may be 7BIT or 8BITMIME here"},
      {"MAIL FROM:<a@b> RET=FULL", "555 5.5.4 Parameter RET is not offered by this server's EHLO reply"},
      {"MAIL FROM:<a@b> SMTPUTF8=1", "501 5.5.4 SMTPUTF8 takes no value"},
      {"RCPT TO:<a@b> NOTIFY=NEVER", "555 5.5.4 Parameter NOTIFY is not offered by this server's EHLO reply"},
      {"RCPT TO:<>", "501 5.1.3 RCPT TO:<> names nobody; only MAIL FROM may be empty"},
      {"EHLO", "501 5.5.4 Syntax: EHLO name-of-your-host"},
      {"HELO  ", "501 5.5.4 Syntax: HELO name-of-your-host"},
      {"DATA now", "501 5.5.4 DATA takes no argument"},
      {"BDAT", "501 5.5.4 Syntax: BDAT octets [LAST]; octets is a decimal number"},
      {"BDAT -1", "501 5.5.4 Syntax: BDAT octets [LAST]; octets is a decimal number"},
      {"BDAT 5 LAST more", "501 5.5.4 Syntax: BDAT octets [LAST]; octets is a decimal number"},
      {"AUTH", "501 5.5.4 Syntax: AUTH mechanism [initial response]"},
      {"AUTH PLAIN a b", "501 5.5.4 AUTH takes one initial response, in base64"},
      {"WHATISTHIS", "500 5.5.1 Unknown command; HELP lists the known ones"},
      {"", "500 5.5.2 An empty line is not a command; HELP lists them"},
      {std::string_view("NOOP\0", 5), "500 5.5.2 A command may not hold a NUL octet"},
  };
  for (const auto& [line, expected] : cases) EXPECT_EQ(refusal(line), expected) << line;
}

TEST(Command, ReadsTheOthers) {
  EXPECT_EQ(parsed("EHLO  [192.0.2.1] ").argument, "[192.0.2.1]");
  EXPECT_EQ(parsed("helo not a name!").argument, "not a name!");
  EXPECT_EQ(parsed("BDAT 10").chunk_octets, 10U);
  EXPECT_FALSE(parsed("BDAT 10").last_chunk);
  EXPECT_TRUE(parsed("bdat 0 last").last_chunk);
  EXPECT_EQ(parsed("AUTH plain").mechanism, "PLAIN");
  EXPECT_FALSE(parsed("AUTH plain").initial_response.has_value());
  EXPECT_EQ(parsed("AUTH PLAIN =").initial_response, "=");
  EXPECT_EQ(parsed("STARTTLS ").verb, Verb::starttls);
}

TEST(Command, MasksSecretsAndLocalParts) {
  EXPECT_EQ(without_secrets("AUTH PLAIN AGEAYg=="), "AUTH PLAIN ****");
  EXPECT_EQ(without_secrets("auth login"), "auth login");
  EXPECT_EQ(without_secrets("AUTH PLAIN a b"), "AUTH PLAIN ****");
  EXPECT_EQ(without_secrets("MAIL FROM:<a@b>"), "MAIL FROM:<a@b>");
  EXPECT_EQ(mask_local_parts("MAIL FROM:<me@b.test> AUTH=me@c.test"),
            "MAIL FROM:<\xE2\x80\xA6@b.test> \xE2\x80\xA6@c.test");
  EXPECT_EQ(mask_local_parts("RCPT TO:me@b.test"), "RCPT TO:\xE2\x80\xA6@b.test");
  EXPECT_EQ(mask_local_parts("NOOP"), "NOOP");
}

TEST(Command, KnowsABrowser) {
  EXPECT_TRUE(looks_like_http("GET / HTTP/1.1"));
  EXPECT_FALSE(looks_like_http("NOOP HTTP"));
}

}  // namespace
}  // namespace mailassay::smtp
