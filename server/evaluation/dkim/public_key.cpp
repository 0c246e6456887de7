#include "evaluation/dkim/public_key.h"

#include "evaluation/dkim/digest.h"

#include <utility>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

namespace mailassay::dkim {
namespace {

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// libcrypto leaves its complaints in a queue of the thread, where others would find them.
bool clear_errors(bool ok) {
  if (!ok) ERR_clear_error();
  return ok;
}

struct FreeParameters {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeParameters>;

Owned<BIGNUM> number_of(std::string_view octets) {
  return Owned<BIGNUM>(BN_bin2bn(octets_of(octets), static_cast<int>(octets.size()), nullptr));
}

}  // namespace

// From the numbers, since decoding a SubjectPublicKeyInfo costs OpenSSL 3 some twenty times as much.
std::shared_ptr<const PublicKey> PublicKey::from_rsa(const RsaKey& key) {
  const auto modulus = number_of(key.modulus);
  const auto exponent = number_of(key.exponent);
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
  const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  const bool ok = EVP_PKEY_fromdata_init(context.get()) == 1 &&
                  EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  if (!clear_errors(ok)) return nullptr;
  const std::shared_ptr<PublicKey> ready(new PublicKey(KeyType::rsa, Key(made)));
  return clear_errors(ready->prepare()) ? ready : nullptr;
}

std::shared_ptr<const PublicKey> PublicKey::from_ed25519(std::string_view octets) {
  Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets_of(octets), octets.size()));
  if (!clear_errors(key != nullptr)) return nullptr;
  return std::shared_ptr<const PublicKey>(new PublicKey(KeyType::ed25519, std::move(key)));
}

bool PublicKey::verify(Hash hash, std::string_view digest, std::string_view signature) const {
  return clear_errors(type_ == KeyType::rsa ? verify_rsa(hash, digest, signature)
                                            : verify_ed25519(digest, signature));
}

bool PublicKey::prepare() {
  prepared_.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  return EVP_PKEY_verify_init(prepared_.get()) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding(prepared_.get(), RSA_PKCS1_PADDING) == 1 &&
         EVP_PKEY_CTX_set_signature_md(prepared_.get(), message_digest(Hash::sha256)) == 1;
}

bool PublicKey::verify_rsa(Hash hash, std::string_view digest, std::string_view signature) const {
  const Context context(EVP_PKEY_CTX_dup(prepared_.get()));
  return context &&
         (hash == Hash::sha256 || EVP_PKEY_CTX_set_signature_md(context.get(), message_digest(hash)) == 1) &&
         EVP_PKEY_verify(context.get(), octets_of(signature), signature.size(), octets_of(digest),
                         digest.size()) == 1;
}

std::optional<std::string> PublicKey::recover_digest(Hash hash, std::string_view signature) const {
  if (type_ != KeyType::rsa) return std::nullopt;
  const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
  std::string digest(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = digest.size();
  const bool ok = EVP_PKEY_verify_recover_init(context.get()) == 1 &&
                  EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                  EVP_PKEY_CTX_set_signature_md(context.get(), message_digest(hash)) == 1 &&
                  EVP_PKEY_verify_recover(context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                                          &size, octets_of(signature), signature.size()) == 1;
  if (!clear_errors(ok)) return std::nullopt;
  digest.resize(size);
  return digest;
}

bool PublicKey::verify_ed25519(std::string_view digest, std::string_view signature) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), octets_of(signature), signature.size(), octets_of(digest),
                          digest.size()) == 1;
}

}  // namespace mailassay::dkim
