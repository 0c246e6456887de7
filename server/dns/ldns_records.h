// What ldns does for us: records of every type as text, and answers off the wire. ldns.h breaks the C++
// headers that follow it, so it is included in ldns_records.cpp alone.
#pragma once

#include "dns/answer.h"
#include "dns/zone_entries.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace mailassay::dns {

// Nothing for an unknown word or a type that is no data (ANY, OPT).
std::optional<Type> ldns_type_named(std::string_view word);

// Presentation text of the record's data; the error says what is wrong with it.
boost::system::result<RecordData, ZoneError> ldns_rdata(Type type, std::span<const Token> tokens,
                                                        std::string_view origin);

}  // namespace mailassay::dns
