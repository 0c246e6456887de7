// The data of one record, from master-file tokens.
#pragma once

#include "dns/answer.h"
#include "dns/zone_entries.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace mailassay::dns {

inline constexpr auto kSpf = static_cast<Type>(99);  // RFC 7208 section 3.1: obsolete, still seen in files

// "TXT", "CAA", "TYPE257"; nothing for an unknown word or a type that is no data (ANY, OPT).
std::optional<Type> type_named(std::string_view word);

// A name as written, absolute or below `origin`, in the resolver's form. The error says what is wrong.
boost::system::result<std::string, ZoneError> read_name(const Token& token, std::string_view origin);

boost::system::result<RecordData, ZoneError> read_rdata(Type type, std::span<const Token> tokens,
                                                        std::string_view origin);

}  // namespace mailassay::dns
