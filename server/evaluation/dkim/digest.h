// SHA-1 and SHA-256 by libcrypto, fed piece by piece.
#pragma once

#include "evaluation/dkim/signature.h"

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

namespace mailassay::dkim {

class Digest {
 public:
  // hash: not unknown.
  explicit Digest(Hash hash);
  // Goes on from where the other stands.
  Digest(const Digest& other);
  Digest& operator=(const Digest&) = delete;
  void update(std::string_view octets);
  std::string finish();

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

// Fetched once, for as long as the program runs: fetching costs more than hashing a header.
const EVP_MD* message_digest(Hash hash);

}  // namespace mailassay::dkim
