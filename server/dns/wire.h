// DNS messages (RFC 1035 section 4): the question that is sent, and what an answer holds.
#pragma once

#include "dns/answer.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mailassay::dns {

enum class Recursion : bool { unwanted, desired };

// The AD bit is asked for; EDNS (RFC 6891) takes answers of up to 1232 octets over UDP.
std::vector<std::uint8_t> make_query(std::uint16_t id, std::span<const std::uint8_t> wire_name, Type type,
                                     bool edns, Recursion recursion = Recursion::desired);

// Other servers that know more (RFC 1034 section 4.3.2, step 3b).
struct Referral {
  std::string zone;
  std::vector<std::string> servers;
  std::vector<Record> glue;  // their addresses, as far as the answer holds them
};

struct Response {
  Status status = Status::servfail;
  std::uint8_t rcode = 0;
  bool truncated = false;
  bool authenticated = false;
  bool authoritative = false;  // the AA bit
  std::vector<Record> records;
  std::vector<std::string> aliases;
  std::uint32_t ttl = 0;          // as in Answer
  bool ends_at_an_alias = false;  // the chain's last name was neither answered nor denied: ask for it
  std::optional<Referral> referral;
};

// Has the message a second OPT (RFC 6891 section 6.1.1) or TSIG (RFC 8945 section 5.1)? Both call that
// malformed, and ldns loses the memory of the first.
bool repeats_pseudo_record(std::span<const std::uint8_t> wire);

// Nothing if the octets are no DNS message. What it says of names outside the zone `within` is not taken.
std::optional<Response> read_response(std::span<const std::uint8_t> wire, const std::string& name, Type type,
                                      const std::string& within = {});

}  // namespace mailassay::dns
