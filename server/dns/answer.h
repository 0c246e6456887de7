// What the DNS said to one question. NXDOMAIN, no data, SERVFAIL, refusal and time-out stay apart all the
// way to the page, since each asks for another cure.
#pragma once

#include "net/ip_address.h"

#include <any>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mailassay::dns {

enum class Type : std::uint16_t { A = 1, NS = 2, CNAME = 5, SOA = 6, PTR = 12, MX = 15, TXT = 16, AAAA = 28 };
// "TXT"; "TYPE257" for one without a name here.
std::string to_string(Type type);

enum class Status {
  records,   // at least one record of the type asked
  no_data,   // the name exists, without that type
  nxdomain,  // the name does not exist
  servfail,  // RCODE 2, or any other RCODE but 0, 3 and 5
  refused,   // RCODE 5
  timeout,   // nobody answered in time, or nobody could be reached
  bad_name,  // never asked: a label over 63 octets, an empty label, or a name over 253
};
// "records", "no_data", "nxdomain", …: the word that steps carry.
std::string_view to_string(Status status);
// RFC 7208 section 4.6.4's void look-up: no data or NXDOMAIN.
inline bool is_void(Status status) {
  return status == Status::no_data || status == Status::nxdomain;
}
// A transient failure (temperror in every standard here): servfail, refused, timeout.
inline bool is_failure(Status status) {
  return status == Status::servfail || status == Status::refused || status == Status::timeout;
}

struct MailExchanger {
  std::uint16_t preference = 0;
  std::string host;  // empty: null MX (RFC 7505)

  bool operator==(const MailExchanger&) const = default;
};

// A: IpAddress; AAAA: IpAddress; MX; TXT: its character-strings; NS, PTR, CNAME: a name; SOA and others:
// presentation text.
struct Record {
  std::string owner;
  Type type = Type::A;
  std::uint32_t ttl = 0;
  std::variant<net::IpAddress, MailExchanger, std::vector<std::string>, std::string> data;

  const net::IpAddress& address() const { return std::get<net::IpAddress>(data); }
  const MailExchanger& mx() const { return std::get<MailExchanger>(data); }
  const std::string& name() const { return std::get<std::string>(data); }
  // The strings of a TXT record joined without a separator (RFC 7208 section 3.3, RFC 6376 section 3.6.2.2).
  std::string text() const;
  // The data in master-file form, for people.
  std::string to_string() const;
};

using RecordData = decltype(Record::data);

struct Answer {
  std::string name;  // as asked
  Type type = Type::A;
  Status status = Status::timeout;
  std::uint8_t rcode = 0;
  std::vector<Record> records;       // of the type asked, in the order of the answer
  std::vector<std::string> aliases;  // the CNAME chain that led to them, if any
  bool authenticated = false;        // the resolver's AD bit (RFC 4035 section 3.2.3)
  bool authoritative = false;        // from the zone itself: one of its own servers, or a zone file
  std::uint32_t ttl = 0;  // seconds this answer may be kept: the least of its records', or the negative one
  std::string server;     // who answered: "127.0.0.1:53", "zone", "overlay"
  std::chrono::microseconds elapsed{0};  // from the question to the answer on the wire
  bool from_cache = false;
  bool over_tcp = false;
  std::string instead;  // why a resolver answered where a zone's own servers were to: a code, or empty

  // What the first reader parsed from the records, kept as long as the answer is cached: a
  // shared_ptr<const KeySet> or the like, which any_cast tells apart. One thread.
  mutable std::any parsed;
};
using AnswerPtr = std::shared_ptr<const Answer>;  // never null

// "_dmarc.example.com TXT \"v=DMARC1; p=none\"", a line of a zone file: TXT is quoted and cut into strings of
// 255 octets, any other value stands as it is.
std::string zone_line(std::string_view name, std::string_view type, std::string_view value);

}  // namespace mailassay::dns
