#include "scenario/signing_key.h"

#include "evaluation/dkim/canonicalization.h"
#include "message/message.h"

#include <algorithm>
#include <ctime>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace mailassay::scenario {
namespace {

constexpr const char* kSigned[] = {"From", "To", "Subject", "Date", "Message-ID"};

std::string base64(const unsigned char* octets, std::size_t size) {
  std::string text(4 * ((size + 2) / 3) + 1, '\0');
  text.resize(static_cast<std::size_t>(
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), octets, static_cast<int>(size))));
  return text;
}

}  // namespace

struct SigningKey::Key {
  EVP_PKEY* pkey = EVP_RSA_gen(2048);
  ~Key() { EVP_PKEY_free(pkey); }
};

SigningKey::SigningKey(std::string domain, std::string selector)
    : domain_(std::move(domain)), selector_(std::move(selector)), key_(std::make_unique<Key>()) {
  if (!key_->pkey) throw std::runtime_error("OpenSSL could not make an RSA key");
}
SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;

std::string SigningKey::record_name() const {
  return selector_ + "._domainkey." + domain_;
}

std::string SigningKey::record_line() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_->pkey, &der);
  if (size <= 0) throw std::runtime_error("OpenSSL could not write the public key");
  const std::string text = "v=DKIM1; k=rsa; p=" + base64(der, static_cast<std::size_t>(size));
  OPENSSL_free(der);
  std::string line = record_name() + " TXT";
  for (std::size_t start = 0; start < text.size(); start += 255)
    line += " \"" + text.substr(start, 255) + "\"";
  return line;
}

std::string SigningKey::sign(std::string_view mail, bool with_length) const {
  const message::Message message{std::string(mail)};
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  std::string body;
  dkim::canonical_body(message.body(), dkim::Canonicalization::relaxed,
                       [&](std::string_view part) { body += part; });
  EVP_Digest(body.data(), body.size(), hash, &size, EVP_sha256(), nullptr);

  std::string names, signed_text;
  for (const auto* name : kSigned) {
    const auto fields = message.all(name);
    if (fields.empty()) continue;
    names += names.empty() ? name : std::string(":") + name;
    dkim::append_canonical_field(signed_text, fields.back()->raw, dkim::Canonicalization::relaxed);
  }
  const auto length = with_length ? fmt::format(" l={};", body.size()) : std::string();
  const auto field = fmt::format(
      "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={}; s={};\r\n t={};{} h={};\r\n bh={};\r\n b=",
      domain_, selector_, std::time(nullptr), length, names, base64(hash, size));
  // RFC 6376 section 3.7: the own field goes last, its b= empty, without the closing CRLF.
  dkim::append_canonical_field(signed_text, field + "\r\n", dkim::Canonicalization::relaxed);
  signed_text.resize(signed_text.size() - 2);

  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::vector<unsigned char> signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_->pkey)));
  std::size_t written = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pkey) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &written,
                     reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size()) != 1)
    throw std::runtime_error("OpenSSL could not sign");
  const auto encoded = base64(signature.data(), written);
  std::string folded;
  for (std::size_t start = 0; start < encoded.size(); start += 72)
    folded += (start ? "\r\n  " : "") + encoded.substr(start, 72);
  return field + folded + "\r\n" + std::string(mail);
}

}  // namespace mailassay::scenario
