// The report: what `check --format json` prints and the API answers. Its shape is a contract ("schema": 1).
#pragma once

#include "evaluation/arc/validate.h"
#include "evaluation/dkim/verify.h"
#include "evaluation/dmarc/evaluate.h"
#include "evaluation/iprev/iprev.h"
#include "evaluation/spf/check_host.h"
#include "message/envelope.h"
#include "net/ip_address.h"

#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace mailassay::evaluation {

// Where IP, HELO and MAIL FROM came from.
enum class Source { smtp, command, headers };
std::string_view to_string(Source source);

struct Connection {
  Source source = Source::smtp;
  std::optional<net::IpAddress> ip;    // judged as the client; nothing if headers did not tell
  std::optional<net::IpAddress> peer;  // the socket's own address, where assume_ip replaced it
  message::Envelope envelope;
  std::vector<std::string> guessed;  // which of ip, helo, mail_from had to be guessed from headers
};

struct MessageFacts {
  std::string id;
  std::size_t bytes = 0;
  trace::TimePoint received_at;
  std::vector<std::string> from;  // the addr-specs of the From field(s)
  std::string subject;            // decoded (RFC 2047)
  bool bare_lf = false;           // the file had LF line ends and was read as CRLF
};

struct Report {
  MessageFacts message;
  Connection connection;
  std::optional<iprev::Outcome> iprev;
  std::optional<spf::Outcome> spf;
  std::optional<spf::Outcome> spf_helo;
  std::optional<std::vector<dkim::Outcome>> dkim;
  std::optional<arc::Outcome> arc;
  std::optional<dmarc::Outcomes> dmarc;
  std::string authentication_results;  // RFC 8601 field body, folded
};

boost::json::object to_json(const spf::Outcome& outcome);
boost::json::object to_json(const Report& report);

}  // namespace mailassay::evaluation
