// Who may ask: the Host a browser was led to, other sites' scripts, and the access key.
#pragma once

#include "http/problem.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <httplib.h>

namespace mailassay::http {

struct AccessRules {
  bool loopback_only = false;  // bound to loopback without a public URL: refuse foreign Host fields
  std::vector<std::string> allowed_hosts;
  std::string public_url;
  std::string key;  // empty: open
};

class Access {
 public:
  explicit Access(AccessRules rules);

  // Why this request is refused, if it is: 403 for the Host or for another site's request, 401 without the
  // key.
  std::optional<Problem> refusal(const httplib::Request& request) const;

  bool locked() const { return !rules_.key.empty(); }
  // Equal to the access key; the time it takes tells nothing.
  bool is_key(std::string_view text) const;
  // The value of Set-Cookie that stands for the key from now on (HttpOnly, SameSite=Strict).
  std::string cookie() const;

 private:
  bool host_allowed(const httplib::Request& request) const;
  bool from_another_site(const httplib::Request& request) const;
  bool has_bearer(const httplib::Request& request) const;
  bool has_cookie(const httplib::Request& request) const;

  AccessRules rules_;
  std::string cookie_value_;
};

// What anyone may ask without the key: whether the server lives, the log-in form, shared stories (the link is
// its own secret), and the program's own web files (they hold no data; the pages that show data, and the
// API's description, are not among them).
bool is_open_path(std::string_view path);

}  // namespace mailassay::http
