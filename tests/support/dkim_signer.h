// Signs mails with DKIM (RFC 6376), written apart from the verifier and as plainly as can be, so that the two
// check each other.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/types.h>

namespace mailassay::test {

class SigningKey {
 public:
  static SigningKey rsa(int bits = 2048);
  static SigningKey ed25519();
  // The private key in PEM.
  static SigningKey from_pem(std::string_view pem);

  bool is_rsa() const;
  // The value of p=: SubjectPublicKeyInfo (RSA), the raw 32 octets (Ed25519).
  std::string p() const;
  // The value of p= as the bare RSAPublicKey of RFC 6376 section 3.6.1.
  std::string p_pkcs1() const;
  // "v=DKIM1; k=rsa; p=…"
  std::string record() const;
  // b= over these octets: "rsa-sha256", "rsa-sha1" or "ed25519-sha256".
  std::string sign(std::string_view octets, std::string_view algorithm) const;

 private:
  explicit SigningKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)) {}
  std::shared_ptr<EVP_PKEY> key_;
};

struct SignOptions {
  std::string domain = "example.com";
  std::string selector = "s1";
  std::string algorithm;  // empty: the key's, with SHA-256
  std::string header_canonicalization = "relaxed";
  std::string body_canonicalization = "relaxed";
  std::vector<std::string> headers{"from", "to", "subject", "date", "message-id"};
  std::optional<std::uint64_t> length;
  std::optional<std::uint64_t> signed_at;
  std::optional<std::uint64_t> expires_at;
  std::string more_tags;                      // "i=@a.example; z=…": put before bh=
  std::string field_name = "DKIM-Signature";  // or "ARC-Message-Signature" with first_tag "i=1"
  std::string first_tag = "v=1";
};

// The mail (CRLF line ends) with a signature field on top.
std::string sign(std::string_view mail, const SigningKey& key, const SignOptions& options = {});

// One field "Name: value\r\n", canonicalised: for those who sign other things than mails.
std::string canonical_field(std::string_view field, bool relaxed);
std::string base64(std::string_view octets);
// "sha256" or "sha1".
std::string hash(std::string_view octets, std::string_view algorithm);

}  // namespace mailassay::test
