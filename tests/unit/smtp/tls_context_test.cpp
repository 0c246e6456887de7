#include "smtp/tls_context.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace mailassay::smtp {
namespace {

namespace fs = std::filesystem;

class TlsContextTest : public testing::Test {
 protected:
  TlsContextTest() : folder(fs::temp_directory_path() / ("smtp-tls-" + std::to_string(::getpid()))) {
    fs::remove_all(folder);
    fs::create_directory(folder);
    options.data_folder = folder.string();
    options.hostname = "mx.example.com";
  }
  ~TlsContextTest() override { fs::remove_all(folder); }

  std::string fault() const {
    try {
      const TlsContext context(options);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "none";
  }

  fs::path folder;
  Options options;
};

TEST_F(TlsContextTest, MakesACertificateForTheHostOnceAndKeepsItPrivate) {
  const auto file = folder / "tls-self-signed.pem";
  const TlsContext first(options);
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  X509* certificate = SSL_CTX_get0_certificate(first.current()->native_handle());
  EXPECT_EQ(X509_check_host(certificate, "mx.example.com", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(certificate, "other.example.com", 0, 0, nullptr), 0);
  int days = 0, seconds = 0;
  ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate));
  EXPECT_GE(days, 3648);
  const auto written = fs::last_write_time(file);
  const TlsContext second(options);
  EXPECT_EQ(fs::last_write_time(file), written) << "a second start keeps the certificate";
}

TEST_F(TlsContextTest, NamesTheFileAndItsFault) {
  options.tls_certificate = (folder / "absent.pem").string();
  options.tls_key = options.tls_certificate;
  EXPECT_EQ(fault(), "TLS certificate " + options.tls_certificate + ": No such file or directory");
  std::ofstream(folder / "absent.pem") << "not a certificate\n";
  EXPECT_EQ(fault().find("TLS certificate " + options.tls_certificate + ": not a PEM certificate"), 0U)
      << fault();
  options.tls_key.clear();
  EXPECT_EQ(fault().find("TLS: a certificate needs its key"), 0U);
  options.tls_certificate.clear();
  options.data_folder = "/nowhere";
  EXPECT_EQ(fault(),
            "TLS certificate /nowhere/tls-self-signed.pem: cannot be written: No such file or directory");
}

TEST_F(TlsContextTest, RefusesTheKeyOfAnotherCertificate) {
  const TlsContext one(options);
  fs::rename(folder / "tls-self-signed.pem", folder / "one.pem");
  const TlsContext two(options);
  options.tls_certificate = (folder / "one.pem").string();
  options.tls_key = (folder / "tls-self-signed.pem").string();
  EXPECT_EQ(fault().find("TLS key " + options.tls_key + ": not the PEM key of " + options.tls_certificate),
            0U);
}

TEST_F(TlsContextTest, ReloadsAndKeepsTheOldOneWhenTheNewOneIsBad) {
  TlsContext context(options);
  const auto old = context.current();
  context.reload();
  const auto fresh = context.current();
  EXPECT_NE(fresh, old);
  std::ofstream(folder / "tls-self-signed.pem") << "broken\n";
  EXPECT_THROW(context.reload(), std::runtime_error);
  EXPECT_EQ(context.current(), fresh);
}

}  // namespace
}  // namespace mailassay::smtp
