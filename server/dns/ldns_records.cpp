#include "dns/ldns_records.h"

#include "dns/name.h"

#include <memory>

#include <fmt/format.h>
#include <ldns/ldns.h>  // last: it breaks the C++ headers that follow

namespace mailassay::dns {
namespace {

struct Free {
  void operator()(ldns_rr* rr) const { ldns_rr_free(rr); }
  void operator()(ldns_rdf* rdf) const { ldns_rdf_deep_free(rdf); }
  void operator()(char* text) const { std::free(text); }
};
using RrPtr = std::unique_ptr<ldns_rr, Free>;
using RdfPtr = std::unique_ptr<ldns_rdf, Free>;
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

}  // namespace mailassay::dns
