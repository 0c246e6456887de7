// A scenario of config/scenarios: a mail, the DNS it is judged by, the client it comes from, what it should
// show.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::scenario {

struct Scenario {
  std::string name;
  std::string title, lesson;  // in the language asked for
  std::string ip, helo, mail_from;
  std::vector<std::string> expect;  // as --expect takes them
  struct Signature {
    std::string domain, selector;
    bool length = false;  // with l=: what is appended later is not covered
  };
  std::vector<Signature> signatures;  // the first signs last, so its field is on top
  // What happened on the way, after signing: these lines above the header, this text below the body.
  std::string prepend, append;
  std::string zone;  // with {{key:NAME}} where a key record goes
  std::string mail;  // LF line ends, with {{to}}
};

// The embedded scenario, nothing if there is none of that name.
std::optional<Scenario> load(std::string_view name, std::string_view language);
// Sorted.
std::vector<std::string> names();

// The scenario with fresh keys: the zone as a zone file, the mail to `recipient` as octets to send.
struct Prepared {
  std::string zone;
  std::string mail;
};
Prepared prepare(const Scenario& scenario, std::string_view recipient);

}  // namespace mailassay::scenario
