#include "smtp/tls_context.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <unistd.h>

#include <boost/system/error_code.hpp>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace mailassay::smtp {
namespace {

namespace ssl = boost::asio::ssl;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using File = std::unique_ptr<std::FILE, Deleter<std::fclose>>;

[[noreturn]] void fail(const std::string& what, const std::string& file, const std::string& fault) {
  throw std::runtime_error(what + " " + file + ": " + fault);
}

std::string openssl_fault() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "unknown fault";
}

void add_subject_alternative_name(X509* certificate, const std::string& name) {
  using Names = std::unique_ptr<GENERAL_NAMES, Deleter<GENERAL_NAMES_free>>;
  const Names names(GENERAL_NAMES_new());
  GENERAL_NAME* entry = GENERAL_NAME_new();
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
  GENERAL_NAME_set0_value(entry, GEN_DNS, text);
  sk_GENERAL_NAME_push(names.get(), entry);
  X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT);
}

Certificate make_certificate(EVP_PKEY* key, const std::string& name) {
  constexpr long ten_years = 10L * 365 * 24 * 3600;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  std::uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), serial >> 1 | 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), ten_years);
  X509_set_pubkey(certificate.get(), key);
  // A common name holds 64 octets (RFC 5280 appendix A.1); the SAN is what counts.
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.substr(0, 64).c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  add_subject_alternative_name(certificate.get(), name);
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return nullptr;
  return certificate;
}

// Key and certificate in one file, written beside its place and then moved there: never half a file.
void make_self_signed(const std::string& file, const std::string& name) {
  constexpr auto what = "TLS certificate";
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = key ? make_certificate(key.get(), name) : nullptr;
  if (!certificate) fail(what, file, "cannot be made: " + openssl_fault());
  const std::string beside = file + ".new";
  ::unlink(beside.c_str());
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) fail(what, file, std::string("cannot be written: ") + std::strerror(errno));
  File stream(::fdopen(descriptor, "w"));
  const bool written =
      PEM_write_PrivateKey(stream.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1 &&
      PEM_write_X509(stream.get(), certificate.get()) == 1 && std::fflush(stream.get()) == 0;
  stream.reset();
  if (!written || std::rename(beside.c_str(), file.c_str()) != 0) fail(what, file, "cannot be written");
}

void check_readable(const char* what, const std::string& file) {
  if (::access(file.c_str(), R_OK) != 0) fail(what, file, std::strerror(errno));
}

std::shared_ptr<ssl::context> load(const std::string& certificate, const std::string& key) {
  check_readable("TLS certificate", certificate);
  check_readable("TLS key", key);
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);  // RFC 8996
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_use_certificate_chain_file(native, certificate.c_str()) != 1) {
    fail("TLS certificate", certificate, "not a PEM certificate: " + openssl_fault());
  }
  if (SSL_CTX_use_PrivateKey_file(native, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    fail("TLS key", key, "not the PEM key of " + certificate + ": " + openssl_fault());
  }
  return context;
}

}  // namespace

TlsContext::TlsContext(const Options& options)
    : certificate_(options.tls_certificate), key_(options.tls_key) {
  if (certificate_.empty() != key_.empty()) {
    throw std::runtime_error(
        "TLS: a certificate needs its key and a key its certificate; one of both is not set");
  }
  if (certificate_.empty()) {
    certificate_ = key_ = (std::filesystem::path(options.data_folder) / "tls-self-signed.pem").string();
    if (!std::filesystem::exists(certificate_)) make_self_signed(certificate_, options.hostname);
  }
  reload();
}

std::shared_ptr<ssl::context> TlsContext::current() const {
  const std::lock_guard lock(mutex_);
  return context_;
}

void TlsContext::reload() {
  auto fresh = load(certificate_, key_);
  const std::lock_guard lock(mutex_);
  context_ = std::move(fresh);
}

}  // namespace mailassay::smtp
