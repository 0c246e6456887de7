#include "dns/ldns_records.h"

#include "dns/name.h"
#include "dns/wire.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <ldns/ldns.h>  // last: it breaks the C++ headers that follow

namespace mailassay::dns {
namespace {

constexpr std::size_t kMaxChain = 16;  // CNAMEs; a longer chain is taken for a loop

struct Free {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
  void operator()(ldns_rr* rr) const { ldns_rr_free(rr); }
  void operator()(ldns_rdf* rdf) const { ldns_rdf_deep_free(rdf); }
  void operator()(char* text) const { std::free(text); }
};
using RrPtr = std::unique_ptr<ldns_rr, Free>;
using RdfPtr = std::unique_ptr<ldns_rdf, Free>;
using PacketPtr = std::unique_ptr<ldns_pkt, Free>;
using TextPtr = std::unique_ptr<char, Free>;

// ldns knows no relative names below a missing origin other than the root.
RdfPtr origin_of(std::string_view origin) {
  const std::string text = to_presentation(origin);
  return RdfPtr(ldns_dname_new_frm_str(text.c_str()));
}

std::string joined(std::span<const Token> tokens) {
  std::string text;
  for (const Token& token : tokens) {
    if (!text.empty()) text += ' ';
    text += token.quoted ? fmt::format("\"{}\"", token.text) : std::string(token.text);
  }
  return text;
}

// The data fields in master-file form, separated by a blank.
std::string data_text(const ldns_rr* rr) {
  std::string text;
  for (std::size_t field = 0; field < ldns_rr_rd_count(rr); ++field) {
    const TextPtr part(ldns_rdf2str(ldns_rr_rdf(rr, field)));
    if (field > 0) text += ' ';
    text += part ? part.get() : "";
  }
  return text;
}

std::span<const std::uint8_t> octets_of(const ldns_rdf* rdf) {
  return {ldns_rdf_data(rdf), ldns_rdf_size(rdf)};
}

std::string name_of(const ldns_rdf* rdf) {
  return from_wire(octets_of(rdf)).value_or("");
}

// A character-string without its length octet.
std::string string_of(const ldns_rdf* rdf) {
  const auto octets = octets_of(rdf);
  return octets.empty() ? std::string() : std::string(octets.begin() + 1, octets.end());
}

std::optional<RecordData> data_of(const ldns_rr* rr, Type type) {
  const std::size_t fields = ldns_rr_rd_count(rr);
  if (type == Type::TXT) {
    std::vector<std::string> strings;
    for (std::size_t field = 0; field < fields; ++field) strings.push_back(string_of(ldns_rr_rdf(rr, field)));
    return strings;
  }
  if (fields == 0) return std::nullopt;
  const auto first = octets_of(ldns_rr_rdf(rr, 0));
  if (type == Type::A && first.size() == 4)
    return net::IpAddress::v4({first[0], first[1], first[2], first[3]});
  if (type == Type::AAAA && first.size() == 16) {
    std::array<std::uint8_t, 16> address;
    std::copy(first.begin(), first.end(), address.begin());
    return net::IpAddress::v6(address);
  }
  if (type == Type::MX && fields == 2 && first.size() == 2)
    return MailExchanger{static_cast<std::uint16_t>(first[0] << 8 | first[1]), name_of(ldns_rr_rdf(rr, 1))};
  if (type == Type::NS || type == Type::PTR || type == Type::CNAME) return name_of(ldns_rr_rdf(rr, 0));
  return data_text(rr);
}

// The answer section, walked along its CNAMEs.
class AnswerSection {
 public:
  AnswerSection(const ldns_rr_list* list, Type wanted) {
    for (std::size_t at = 0; list && at < ldns_rr_list_rr_count(list); ++at) {
      const ldns_rr* rr = ldns_rr_list_rr(list, at);
      const auto type = static_cast<Type>(ldns_rr_get_type(rr));
      if (type != wanted && type != Type::CNAME) continue;
      if (auto data = data_of(rr, type))
        records_.push_back({name_of(ldns_rr_owner(rr)), type, ldns_rr_ttl(rr), std::move(*data)});
    }
  }

  // False for a chain that is a loop.
  bool follow(std::string name, Type type, const std::string& within, Response& response) {
    response.ttl = UINT32_MAX;
    while (const Record* alias = type == Type::CNAME ? nullptr : alias_of(name)) {
      if (response.aliases.size() == kMaxChain) return false;
      response.ttl = std::min(response.ttl, alias->ttl);
      name = alias->name();
      response.aliases.push_back(name);
      response.ends_at_an_alias = !is_subdomain_or_equal(name, within);
      if (response.ends_at_an_alias) return true;
    }
    for (auto& record : records_) {
      if (record.type != type || !same_name(record.owner, name)) continue;
      response.ttl = std::min(response.ttl, record.ttl);
      response.records.push_back(std::move(record));
    }
    return true;
  }

 private:
  const Record* alias_of(const std::string& name) const {
    const auto found = std::find_if(records_.begin(), records_.end(), [&](const Record& record) {
      return record.type == Type::CNAME && same_name(record.owner, name);
    });
    return found == records_.end() ? nullptr : &*found;
  }

  std::vector<Record> records_;
};

// The TC bit, which stands in octets that may end anywhere.
bool is_cut(std::span<const std::uint8_t> wire) {
  return wire.size() > 2 && (wire[2] & 0x02) != 0;
}

const ldns_rr* authority(const ldns_pkt* packet, ldns_rr_type type) {
  const ldns_rr_list* list = ldns_pkt_authority(packet);
  for (std::size_t at = 0; list && at < ldns_rr_list_rr_count(list); ++at)
    if (ldns_rr_get_type(ldns_rr_list_rr(list, at)) == type) return ldns_rr_list_rr(list, at);
  return nullptr;
}

// RFC 2308 section 5: the SOA's TTL or its MINIMUM field, whichever is less; without an SOA nothing is kept.
std::uint32_t negative_ttl(const ldns_rr* soa, std::uint32_t aliases_ttl) {
  constexpr std::size_t kMinimumField = 6;
  if (!soa || ldns_rr_rd_count(soa) <= kMinimumField) return 0;
  const std::uint32_t minimum = ldns_rdf2native_int32(ldns_rr_rdf(soa, kMinimumField));
  return std::min({minimum, ldns_rr_ttl(soa), aliases_ttl});
}

// The authority section's NS records, without an answer and without the AA bit.
std::optional<Referral> referral_of(const ldns_pkt* packet) {
  const ldns_rr* first = authority(packet, LDNS_RR_TYPE_NS);
  if (!first || ldns_pkt_aa(packet)) return std::nullopt;
  Referral referral{name_of(ldns_rr_owner(first)), {}, {}};
  const ldns_rr_list* list = ldns_pkt_authority(packet);
  for (std::size_t at = 0; at < ldns_rr_list_rr_count(list); ++at) {
    const ldns_rr* rr = ldns_rr_list_rr(list, at);
    if (ldns_rr_get_type(rr) != LDNS_RR_TYPE_NS || ldns_rr_rd_count(rr) == 0) continue;
    if (same_name(name_of(ldns_rr_owner(rr)), referral.zone))
      referral.servers.push_back(name_of(ldns_rr_rdf(rr, 0)));
  }
  const ldns_rr_list* more = ldns_pkt_additional(packet);
  for (std::size_t at = 0; more && at < ldns_rr_list_rr_count(more); ++at) {
    const ldns_rr* rr = ldns_rr_list_rr(more, at);
    const auto type = static_cast<Type>(ldns_rr_get_type(rr));
    if (type != Type::A && type != Type::AAAA) continue;
    if (auto data = data_of(rr, type))
      referral.glue.push_back({name_of(ldns_rr_owner(rr)), type, ldns_rr_ttl(rr), std::move(*data)});
  }
  return referral;
}

Status status_of(std::uint8_t rcode) {
  switch (rcode) {
    case LDNS_RCODE_NOERROR:
      return Status::no_data;
    case LDNS_RCODE_NXDOMAIN:
      return Status::nxdomain;
    case LDNS_RCODE_REFUSED:
      return Status::refused;
    default:
      return Status::servfail;
  }
}

}  // namespace

std::optional<Type> ldns_type_named(std::string_view word) {
  const std::string terminated(word);
  const auto type = static_cast<std::uint16_t>(ldns_get_rr_type_by_name(terminated.c_str()));
  constexpr std::uint16_t kFirstQueryType = 249;  // TKEY, TSIG, IXFR, AXFR, MAILB, MAILA, ANY
  if (type == 0 || type == LDNS_RR_TYPE_OPT || (type >= kFirstQueryType && type <= LDNS_RR_TYPE_ANY))
    return std::nullopt;
  return static_cast<Type>(type);
}

boost::system::result<RecordData, ZoneError> ldns_rdata(Type type, std::span<const Token> tokens,
                                                        std::string_view origin) {
  const std::string word = to_string(type);
  const std::string line = fmt::format(". 0 IN {} {}", word, joined(tokens));
  const RdfPtr base = origin_of(origin);
  ldns_rr* parsed = nullptr;
  const ldns_status status = ldns_rr_new_frm_str(&parsed, line.c_str(), 0, base.get(), nullptr);
  const RrPtr rr(parsed);
  if (status != LDNS_STATUS_OK || !rr)
    return fault(
        fmt::format("the data of the {} record is not valid ({}): compare it with the form its RFC gives",
                    word, ldns_get_errorstr_by_id(status)));
  return RecordData(data_text(rr.get()));
}

std::optional<Response> read_response(std::span<const std::uint8_t> wire, const std::string& name, Type type,
                                      const std::string& within) {
  if (repeats_pseudo_record(wire)) return std::nullopt;
  ldns_pkt* parsed = nullptr;
  const ldns_status outcome = ldns_wire2pkt(&parsed, wire.data(), wire.size());
  const PacketPtr packet(parsed);
  Response response;
  if (outcome != LDNS_STATUS_OK || !packet) {
    if (!is_cut(wire)) return std::nullopt;
    response.truncated = true;  // cut within a record: its rest comes by TCP
    return response;
  }
  response.rcode = static_cast<std::uint8_t>(ldns_pkt_get_rcode(packet.get()));
  response.status = status_of(response.rcode);
  response.truncated = ldns_pkt_tc(packet.get());
  response.authenticated = ldns_pkt_ad(packet.get());
  response.authoritative = ldns_pkt_aa(packet.get());
  if (is_failure(response.status)) return response;
  if (!AnswerSection(ldns_pkt_answer(packet.get()), type).follow(name, type, within, response)) {
    response.status = Status::servfail;
    return response;
  }
  if (response.ends_at_an_alias) {
    response.status = Status::no_data;  // what is said of the other zone, an NXDOMAIN too, is its own matter
    return response;
  }
  if (!response.records.empty()) {
    response.status = Status::records;
    return response;
  }
  const ldns_rr* soa = authority(packet.get(), LDNS_RR_TYPE_SOA);
  response.ttl = negative_ttl(soa, response.ttl);
  if (soa || response.status == Status::nxdomain) return response;
  response.ends_at_an_alias = !response.aliases.empty();
  if (response.ends_at_an_alias) return response;
  response.referral = referral_of(packet.get());
  // A server that points elsewhere instead of asking there has not said that there is no data.
  if (response.referral && !ldns_pkt_ra(packet.get())) response.status = Status::servfail;
  return response;
}

}  // namespace mailassay::dns
