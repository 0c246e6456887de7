// A scenario of config/scenarios: a mail, the DNS it is judged by, the client it comes from, what it should
// show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailassay::cli {

struct Scenario {
  std::string name;
  std::string title, lesson;  // in the language asked for
  std::string ip, helo, mail_from;
  std::vector<std::string> expect;  // as --expect takes them
  struct Signature {
    std::string domain, selector;
  };
  std::vector<Signature> signatures;  // the first signs last, so its field is on top
  std::string zone;                   // with {{key:NAME}} where a key record goes
  std::string mail;                   // LF line ends, with {{to}}
};

// The embedded scenario. Throws config::BadOption naming the known ones.
Scenario load_scenario(const std::string& name, std::string_view language);
std::vector<std::string> scenario_names();

// The scenario with fresh keys: the zone as a zone file, the mail to `recipient` as octets to send.
struct Prepared {
  std::string zone;
  std::string mail;
};
Prepared prepare(const Scenario& scenario, const std::string& recipient);

}  // namespace mailassay::cli
