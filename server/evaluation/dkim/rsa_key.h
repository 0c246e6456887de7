// An RSA public key in DER: SubjectPublicKeyInfo, which real key records hold (RFC 5280 section 4.1), or the
// bare RSAPublicKey that RFC 6376 section 3.6.1 names.
#pragma once

#include <optional>
#include <string_view>

namespace mailassay::dkim {

// Big-endian, without leading zeros; the views lie in the DER.
struct RsaKey {
  std::string_view modulus;
  std::string_view exponent;
  int bits = 0;
};

// Nothing if it is neither form, or another algorithm's key.
std::optional<RsaKey> parse_rsa_key(std::string_view der);

}  // namespace mailassay::dkim
