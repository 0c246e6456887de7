#include "evaluation/dkim/digest.h"

#include <array>
#include <new>

namespace mailassay::dkim {

const EVP_MD* message_digest(Hash hash) {
  static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return hash == Hash::sha1 ? sha1 : sha256;
}

Digest::Digest(Hash hash) : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex2(context_.get(), message_digest(hash), nullptr) != 1)
    throw std::bad_alloc();
}

Digest::Digest(const Digest& other) : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_MD_CTX_copy_ex(context_.get(), other.context_.get()) != 1) throw std::bad_alloc();
}

void Digest::update(std::string_view octets) {
  EVP_DigestUpdate(context_.get(), octets.data(), octets.size());
}

std::string Digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> octets{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_.get(), octets.data(), &size);
  return std::string(octets.begin(), octets.begin() + size);
}

}  // namespace mailassay::dkim
