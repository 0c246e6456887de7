#include "config/options.h"

#include <fstream>

#include <gtest/gtest.h>

namespace mailassay::config {
namespace {

// The message of the BadOption that `act` throws.
template <typename Act>
std::string fault(Act act) {
  try {
    act();
  } catch (const BadOption& bad) {
    return bad.what();
  }
  return "no fault";
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text)
      : path_(testing::TempDir() + "mailassay_options_test.toml") {
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::remove(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(Options, FileSetsEveryKindOfValue) {
  const TemporaryFile file(
      "domain = 'ld.example.com'\n[smtp]\nlisten = ['[::]:25', '127.0.0.1:587']\ntls = false\nmax_errors = "
      "3\n");
  Options options;
  read_file(options, file.path());
  EXPECT_EQ(options.domain, "ld.example.com");
  EXPECT_EQ(options.smtp_listen, (std::vector<std::string>{"[::]:25", "127.0.0.1:587"}));
  EXPECT_FALSE(options.smtp_tls);
  EXPECT_EQ(options.smtp_max_errors, 3);
}

TEST(Options, EnvironmentWinsOverTheFileAndSplitsLists) {
  Options options;
  set(options, "smtp.listen", {"1.2.3.4:25"}, "file");
  const char* environment[] = {"HOME=/", "MAILASSAY_SMTP_LISTEN=127.0.0.1:1,[::1]:2",
                               "MAILASSAY_INBOX_DAYS=3", nullptr};
  read_environment(options, environment);
  EXPECT_EQ(options.smtp_listen, (std::vector<std::string>{"127.0.0.1:1", "[::1]:2"}));
  EXPECT_EQ(options.inbox_days, 3);
}

TEST(Options, FaultsNameTheOptionAndTheFix) {
  Options options;
  const TemporaryFile unknown("[smtp]\nlissen = 'x'\n");
  EXPECT_NE(
      fault([&] { read_file(options, unknown.path()); }).find("line 2: there is no option 'smtp.lissen'"),
      std::string::npos);
  const TemporaryFile broken("domain = \n");
  EXPECT_NE(fault([&] { read_file(options, broken.path()); }).find("line 1"), std::string::npos);
  const char* environment[] = {"MAILASSAY_DOMIAN=x", nullptr};
  EXPECT_NE(fault([&] {
              read_environment(options, environment);
            }).find("MAILASSAY_DOMIAN: there is no such option"),
            std::string::npos);
  EXPECT_EQ(fault([&] { set(options, "inbox.days", {"0"}, "flag"); }),
            "flag (inbox.days): '0' is not a number from 1 to 3650");
  EXPECT_EQ(fault([&] { set(options, "smtp.tls", {"maybe"}, "flag"); }),
            "flag (smtp.tls): 'maybe' is neither true nor false");
  EXPECT_EQ(fault([&] {
              set(options, "domain", {"a", "b"}, "flag");
            }),
            "flag (domain): takes one value, not a list");
}

TEST(Options, ValidationLooksAtTheWhole) {
  const auto with = [](auto change) {
    Options options;
    change(options);
    return fault([&] { validate(options); });
  };
  EXPECT_EQ(with([](Options&) {}), "no fault");
  EXPECT_NE(with([](Options& o) { o.domain = "exa mple"; }).find("domain: 'exa mple' is not a domain name"),
            std::string::npos);
  EXPECT_NE(with([](Options& o) { o.smtp_certificate = "c.pem"; }).find("go together"), std::string::npos);
  EXPECT_NE(with([](Options& o) { o.dns_zone = "a", o.dns_overlay = "b"; }).find("exclude each other"),
            std::string::npos);
  EXPECT_NE(with([](Options& o) { o.smtp_listen.clear(); }).find("nothing could receive"), std::string::npos);
  EXPECT_NE(with([](Options& o) { o.http_public_url = "example.com"; }).find("http.public_url"),
            std::string::npos);
  EXPECT_NE(with([](Options& o) { o.smtp_auth = "maybe"; }).find("loopback, on, off"), std::string::npos);
}

TEST(Endpoint, ReadsAddressesAndRefusesTheRest) {
  EXPECT_EQ(parse_endpoint("k", "127.0.0.1:25").port, 25);
  EXPECT_EQ(parse_endpoint("k", "[::]:2525").address, "::");
  EXPECT_EQ(parse_endpoint("k", "localhost:0").address, "127.0.0.1");
  for (const auto text :
       {"127.0.0.1", "::1:25", "host:25", "127.0.0.1:65536", "127.0.0.1:", ":25", "127.0.0.1:2x"})
    EXPECT_NE(fault([&] { parse_endpoint("smtp.listen", text); }).find("write ADDR:PORT"), std::string::npos)
        << text;
}

TEST(CommentedDefaults, AreTheShippedFileAndReadBack) {
  std::ifstream shipped(std::string(TEST_SOURCE_DIR) + "/../../../config/mailassay.toml");
  const std::string text((std::istreambuf_iterator<char>(shipped)), {});
  EXPECT_EQ(text, commented_defaults());

  std::string uncommented;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = text.find('\n', start);
    auto line = text.substr(start, end - start);
    if (line.starts_with("# ") && line.find(" = ") != std::string::npos &&
        line.find('(') == std::string::npos)
      line = line.substr(2);
    uncommented += line + "\n";
    start = end + 1;
  }
  const TemporaryFile file(uncommented);
  Options options;
  read_file(options, file.path());
  EXPECT_EQ(options.smtp_listen, Options{}.smtp_listen);
  EXPECT_EQ(options.http_max_viewers, Options{}.http_max_viewers);
}

}  // namespace
}  // namespace mailassay::config
