#include "http/access.h"

#include "http/assets.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace mailassay::http {
namespace {

constexpr std::string_view kCookieName = "mailassay_key";

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// "example.com:8080" and "[::1]:8080" without the port.
std::string without_port(const std::string& host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

// "https://example.com/x" → "example.com"; with its port if it has one.
std::string authority_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  const std::size_t begin = scheme + 3;
  return lower(url.substr(begin, url.find_first_of("/?#", begin) - begin));
}

std::string hmac_hex(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
  std::string hex;
  for (unsigned i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

// Compares digests of one length, so that neither the length nor the first difference shows in the time.
bool same_secret(std::string_view left, std::string_view right) {
  const std::string a = hmac_hex("compare", left), b = hmac_hex("compare", right);
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool changes_state(const httplib::Request& request) {
  return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

}  // namespace

Access::Access(AccessRules rules)
    : rules_(std::move(rules)), cookie_value_(hmac_hex(rules_.key, "mailassay cookie")) {}

std::optional<Problem> Access::refusal(const httplib::Request& request) const {
  if (!host_allowed(request)) {
    return Problem{
        403,
        "this server is bound to loopback and answers only to Host localhost, 127.0.0.1, [::1] or a "
        "configured name (against DNS rebinding): open it by one of these, or set public_url"};
  }
  const bool bearer = has_bearer(request);
  if (!bearer && changes_state(request) && from_another_site(request)) {
    return Problem{403,
                   "the request comes from another site's page (Origin, Sec-Fetch-Site): send it from here"};
  }
  if (locked() && !bearer && !has_cookie(request) && !is_open_path(request.path)) {
    return Problem{401,
                   "this server wants its access key: log in at /login, or send Authorization: Bearer KEY"};
  }
  return std::nullopt;
}

bool Access::host_allowed(const httplib::Request& request) const {
  if (!rules_.loopback_only) return true;
  const std::string host = without_port(lower(request.get_header_value("Host")));
  constexpr std::array<std::string_view, 3> kLocal = {"localhost", "127.0.0.1", "[::1]"};
  return std::ranges::find(kLocal, host) != kLocal.end() ||
         std::ranges::any_of(rules_.allowed_hosts,
                             [&](const std::string& name) { return lower(name) == host; });
}

// Sec-Fetch-Site says it; browsers send it to https and localhost only, so Origin stands in elsewhere.
// Programs that are no browsers send neither.
bool Access::from_another_site(const httplib::Request& request) const {
  const std::string site = request.get_header_value("Sec-Fetch-Site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  if (!request.has_header("Origin")) return false;
  const std::string origin = authority_of(request.get_header_value("Origin"));
  const bool ours =
      origin == lower(request.get_header_value("Host")) || origin == authority_of(rules_.public_url);
  return origin.empty() || !ours;
}

bool Access::has_bearer(const httplib::Request& request) const {
  const std::string value = request.get_header_value("Authorization");
  constexpr std::string_view kScheme = "bearer ";
  return locked() && lower(value.substr(0, kScheme.size())) == kScheme &&
         is_key(std::string_view(value).substr(kScheme.size()));
}

bool Access::has_cookie(const httplib::Request& request) const {
  const std::string cookies = request.get_header_value("Cookie");
  std::string_view rest = cookies;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (one.starts_with(kCookieName) && one.substr(kCookieName.size()).starts_with('=') &&
        same_secret(one.substr(kCookieName.size() + 1), cookie_value_)) {
      return true;
    }
  }
  return false;
}

bool Access::is_key(std::string_view text) const {
  return locked() && same_secret(text, rules_.key);
}

std::string Access::cookie() const {
  const bool https = rules_.public_url.starts_with("https://");
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000{}", kCookieName,
                     cookie_value_, https ? "; Secure" : "");
}

bool is_open_path(std::string_view path) {
  if (path == "/healthz" || path == "/readyz" || path == "/login") return true;
  if (path.starts_with("/s/") || path.starts_with("/api/v1/shares/")) return true;
  if (path == "/openapi.json") return false;  // what the key opens is told to whoever has it
  const assets::Asset* asset = path.starts_with('/') ? assets::find(path.substr(1)) : nullptr;
  return asset != nullptr && !asset->type.starts_with("text/html");
}

}  // namespace mailassay::http
