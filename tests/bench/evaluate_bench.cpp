// The evaluation alone (answers cached, steps recorded) beside its floor in the same process: OpenSSL
// verifying the same signature and hashing the same octets, which no verifier can do without.
#include "dns/cache.h"
#include "dns/zone.h"
#include "evaluation/evaluate.h"
#include "support/dkim_signer.h"
#include "support/run.h"

#include <array>
#include <benchmark/benchmark.h>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace {

using namespace mailassay;

const test::SigningKey& key() {
  static const auto made = test::SigningKey::rsa(2048);
  return made;
}

std::string mail_of(std::size_t body_octets) {
  std::string mail =
      "From: Shop <shop@example.com>\r\nTo: you@example.net\r\nSubject: Your order\r\n"
      "Date: Tue, 24 Nov 2026 02:00:00 +0000\r\nMessage-ID: <1@example.com>\r\nMIME-Version: 1.0\r\n\r\n";
  while (mail.size() < body_octets)
    mail += "The quick brown fox jumps over the lazy dog, and nobody is surprised.\r\n";
  return test::sign(mail, key());
}

std::string zone_text() {
  const auto record = key().record();
  return "example.com TXT \"v=spf1 include:_spf.example.net -all\"\n"
         "_spf.example.net TXT \"v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 -all\"\n"
         "mail.example.com A 198.51.100.7\nmail.example.com TXT \"v=spf1 a -all\"\n"
         "7.100.51.198.in-addr.arpa PTR mail.example.com\n"
         "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
         "s1._domainkey.example.com TXT \"" +
         record.substr(0, 250) + "\" \"" + record.substr(250) + "\"\n";
}

// The mail is signed once a size: making a key and signing are not what is measured.
const std::string& signed_mail(std::size_t octets) {
  static std::map<std::size_t, std::string> mails;
  auto& mail = mails[octets];
  if (mail.empty()) mail = mail_of(octets);
  return mail;
}

void evaluation_alone(benchmark::State& state) {
  boost::asio::io_context context(1);
  const auto zone = dns::make_zone_resolver(*dns::Zone::parse(zone_text()));
  const auto resolver = dns::make_cache(context.get_executor(), *zone);
  evaluation::Connection connection;
  connection.source = evaluation::Source::smtp;
  connection.ip = net::IpAddress::parse("198.51.100.7");
  connection.envelope = {"mail.example.com", "bounce@example.com", {"you@example.net"}, {}, false};
  const evaluation::Setting setting{*resolver, "mailassay.test", std::chrono::system_clock::now(), {}};
  const auto& octets = signed_mail(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const message::Message mail{octets};
    trace::Recorder recorder;
    const auto report = test::run(
        evaluation::evaluate(mail, {}, connection, setting, {&recorder, trace::Phase::message}), context);
    if (report.dmarc->rfc9989.result != evaluation::Result::pass || recorder.steps().size() < 20)
      state.SkipWithError("the mail was not judged as it should be");
  }
}

void floor_of_openssl(benchmark::State& state) {
  const auto& octets = signed_mail(static_cast<std::size_t>(state.range(0)));
  const message::Message mail{octets};
  const auto signed_header = std::string(600, 'h');  // about what the header hash covers
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> pkey(EVP_RSA_gen(2048), EVP_PKEY_free);
  std::array<unsigned char, 256> signature{};
  std::size_t length = signature.size();
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> signing(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, pkey.get());
  EVP_DigestSign(signing.get(), signature.data(), &length,
                 reinterpret_cast<const unsigned char*>(signed_header.data()), signed_header.size());
  for (auto _ : state) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(mail.body().data(), mail.body().size(), hash, &size, EVP_sha256(), nullptr);
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> verifying(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_DigestVerifyInit(verifying.get(), nullptr, EVP_sha256(), nullptr, pkey.get());
    if (EVP_DigestVerify(verifying.get(), signature.data(), length,
                         reinterpret_cast<const unsigned char*>(signed_header.data()),
                         signed_header.size()) != 1)
      state.SkipWithError("OpenSSL did not verify its own signature");
    benchmark::DoNotOptimize(hash);
  }
}

BENCHMARK(floor_of_openssl)->Arg(4096)->Arg(51200)->Unit(benchmark::kMicrosecond);
BENCHMARK(evaluation_alone)->Arg(4096)->Arg(51200)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
