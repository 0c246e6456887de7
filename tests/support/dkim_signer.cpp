#include "support/dkim_signer.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace mailassay::test {
namespace {

std::shared_ptr<EVP_PKEY> owned(EVP_PKEY* key) {
  if (key == nullptr) throw std::runtime_error("OpenSSL made no key");
  return {key, &EVP_PKEY_free};
}

const unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string squeeze(std::string text) {
  text = replace_all(std::move(text), "\t", " ");
  while (text.find("  ") != std::string::npos) text = replace_all(std::move(text), "  ", " ");
  return text;
}

std::string strip(std::string text) {
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string canonical_body(std::string body, bool relaxed) {
  if (relaxed) {
    body = squeeze(std::move(body));
    body = replace_all(std::move(body), " \r\n", "\r\n");
    if (!body.empty() && body.back() == ' ') body.pop_back();
  }
  while (body.ends_with("\r\n")) body.resize(body.size() - 2);
  if (!body.empty() || !relaxed) body += "\r\n";
  return body;
}

// The header as fields, each with its folds and closing CRLF.
std::vector<std::string> fields_of(std::string_view header) {
  std::vector<std::string> fields;
  while (!header.empty()) {
    const auto end = header.find("\r\n");
    const std::string line(header.substr(0, end + 2));
    header.remove_prefix(line.size());
    if (line[0] == ' ' || line[0] == '\t')
      fields.back() += line;
    else
      fields.push_back(line);
  }
  return fields;
}

std::string chosen_fields(std::vector<std::string> fields, const std::vector<std::string>& names,
                          bool relaxed) {
  std::string out;
  for (const auto& name : names) {
    const auto found = std::find_if(fields.rbegin(), fields.rend(), [&](const std::string& field) {
      return strip(lower(field.substr(0, field.find(':')))) == lower(name);
    });
    if (found == fields.rend()) continue;
    out += canonical_field(*found, relaxed);
    fields.erase(std::next(found).base());
  }
  return out;
}

std::string tag(std::string_view name, const std::optional<std::uint64_t>& value) {
  return value ? "; " + std::string(name) + "=" + std::to_string(*value) : "";
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ":") + name;
  return out;
}

std::string unsigned_field(const SignOptions& options, const std::string& algorithm,
                           const std::string& body_hash) {
  return options.field_name + ": " + options.first_tag + "; a=" + algorithm +
         "; c=" + options.header_canonicalization + "/" + options.body_canonicalization +
         "; d=" + options.domain + "; s=" + options.selector + tag("l", options.length) +
         tag("t", options.signed_at) + tag("x", options.expires_at) + ";\r\n h=" + joined(options.headers) +
         ";" + (options.more_tags.empty() ? "" : " " + options.more_tags + ";") + "\r\n bh=" + body_hash +
         ";\r\n b=";
}

std::string folded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 64) out += (i == 0 ? "" : "\r\n ") + text.substr(i, 64);
  return out;
}

const EVP_MD* digest_of(std::string_view algorithm) {
  return algorithm.ends_with("sha1") ? EVP_sha1() : EVP_sha256();
}

}  // namespace

SigningKey SigningKey::rsa(int bits) {
  return SigningKey(owned(EVP_RSA_gen(static_cast<unsigned int>(bits))));
}

SigningKey SigningKey::ed25519() {
  return SigningKey(owned(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
}

SigningKey SigningKey::from_pem(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  return SigningKey(owned(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr)));
}

bool SigningKey::is_rsa() const {
  return EVP_PKEY_is_a(key_.get(), "RSA") == 1;
}

std::string SigningKey::p() const {
  if (!is_rsa()) {
    std::string raw(32, '\0');
    std::size_t size = raw.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(raw.data()), &size);
    return base64(raw);
  }
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key_.get(), &der);
  const std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return base64(text);
}

std::string SigningKey::p_pkcs1() const {
  unsigned char* der = nullptr;
  const int size = i2d_PublicKey(key_.get(), &der);
  const std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return base64(text);
}

std::string SigningKey::record() const {
  return std::string("v=DKIM1; k=") + (is_rsa() ? "rsa" : "ed25519") + "; p=" + p();
}

std::string SigningKey::sign(std::string_view octets, std::string_view algorithm) const {
  // RFC 8463 section 3: Ed25519 signs the SHA-256 digest as its message.
  const std::string message = is_rsa() ? std::string(octets) : hash(octets, "sha256");
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const EVP_MD* digest = is_rsa() ? digest_of(algorithm) : nullptr;
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     octets_of(message), message.size()) != 1)
    throw std::runtime_error("OpenSSL did not sign");
  signature.resize(size);
  return base64(signature);
}

std::string base64(std::string_view octets) {
  std::string out((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets_of(octets),
                                   static_cast<int>(octets.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string hash(std::string_view octets, std::string_view algorithm) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_Digest(octets.data(), octets.size(), reinterpret_cast<unsigned char*>(out.data()), &size,
             digest_of(algorithm), nullptr);
  out.resize(size);
  return out;
}

std::string canonical_field(std::string_view field, bool relaxed) {
  if (!relaxed) return std::string(field);
  const auto colon = field.find(':');
  const std::string value = replace_all(std::string(field.substr(colon + 1)), "\r\n", "");
  return strip(squeeze(lower(std::string(field.substr(0, colon))))) + ":" + strip(squeeze(value)) + "\r\n";
}

std::string sign(std::string_view mail, const SigningKey& key, const SignOptions& options) {
  const auto end = mail.find("\r\n\r\n");
  const std::string_view header = mail.substr(0, end == std::string_view::npos ? mail.size() : end + 2);
  std::string body(end == std::string_view::npos ? std::string_view{} : mail.substr(end + 4));
  const std::string algorithm = !options.algorithm.empty() ? options.algorithm
                                : key.is_rsa()             ? "rsa-sha256"
                                                           : "ed25519-sha256";
  const bool relaxed = options.header_canonicalization == "relaxed";

  body = canonical_body(std::move(body), options.body_canonicalization == "relaxed");
  if (options.length) body.resize(std::min<std::size_t>(body.size(), *options.length));
  const std::string own = unsigned_field(options, algorithm, base64(hash(body, algorithm)));
  std::string input =
      chosen_fields(fields_of(header), options.headers, relaxed) + canonical_field(own + "\r\n", relaxed);
  input.resize(input.size() - 2);
  return own + folded(key.sign(input, algorithm)) + "\r\n" + std::string(mail);
}

}  // namespace mailassay::test
