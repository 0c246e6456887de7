// The embedded page and the log-in form.
#pragma once

#include "http/access.h"
#include "http/rate_limit.h"
#include "http/router.h"

namespace mailassay::http {

class Pages {
 public:
  explicit Pages(const Access& access);

  // "/", "/learn", "/w/{token}", "/s/{share}" (one page; its script tells them apart) and "/login".
  void add_routes(Router& router);
  // A web file by its path; false if there is none.
  static bool answer_asset(Call& call);

 private:
  void log_in(Call& call);

  const Access& access_;
  RateLimit failures_;
};

// The first of our languages (assets::languages) that Accept-Language names, as browsers order it; else "en".
std::string preferred_language(const httplib::Request& request);

}  // namespace mailassay::http
