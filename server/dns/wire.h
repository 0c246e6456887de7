// DNS messages (RFC 1035 section 4): the question that is sent, and what an answer holds.
#pragma once

#include "dns/answer.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mailassay::dns {

// Recursion and the AD bit are asked for; EDNS (RFC 6891) takes answers of up to 1232 octets over UDP.
std::vector<std::uint8_t> make_query(std::uint16_t id, std::span<const std::uint8_t> wire_name, Type type,
                                     bool edns);

struct Response {
  Status status = Status::servfail;
  std::uint8_t rcode = 0;
  bool truncated = false;
  bool authenticated = false;
  std::vector<Record> records;
  std::vector<std::string> aliases;
  std::uint32_t ttl = 0;          // as in Answer
  bool ends_at_an_alias = false;  // the chain's last name was neither answered nor denied: ask for it
};

// Nothing if the octets are no DNS message.
std::optional<Response> read_response(std::span<const std::uint8_t> wire, const std::string& name, Type type);

}  // namespace mailassay::dns
