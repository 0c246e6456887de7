// A signer's public key in libcrypto's hands.
#pragma once

#include "evaluation/dkim/rsa_key.h"
#include "evaluation/dkim/signature.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace mailassay::dkim {

class PublicKey {
 public:
  // Null if libcrypto refuses the numbers.
  static std::shared_ptr<const PublicKey> from_rsa(const RsaKey& key);
  // The 32 octets of RFC 8463 section 4.2; null if there are not 32.
  static std::shared_ptr<const PublicKey> from_ed25519(std::string_view octets);

  // Does the signature belong to that digest? RSASSA-PKCS1-v1_5 (RFC 6376 section 3.3), or PureEdDSA over
  // the digest (RFC 8463 section 3).
  bool verify(Hash hash, std::string_view digest, std::string_view signature) const;
  // The digest that an RSA signature was made of; nothing if this key did not make it, or for Ed25519.
  std::optional<std::string> recover_digest(Hash hash, std::string_view signature) const;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Context = std::unique_ptr<EVP_PKEY_CTX, Free>;

  PublicKey(KeyType type, Key key) : type_(type), key_(std::move(key)) {}
  bool prepare();
  bool verify_rsa(Hash hash, std::string_view digest, std::string_view signature) const;
  bool verify_ed25519(std::string_view digest, std::string_view signature) const;

  KeyType type_;
  Key key_;
  // RSA, SHA-256, ready to verify: a copy spares the search for the algorithm; each thread needs its own.
  Context prepared_;
};

}  // namespace mailassay::dkim
