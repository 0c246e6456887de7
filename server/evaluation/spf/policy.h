// What a domain's TXT records say about SPF (RFC 7208 sections 4.4 to 4.6).
#pragma once

#include "dns/answer.h"
#include "evaluation/spf/record.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailassay::spf {

struct Policy {
  std::vector<std::string> texts;        // the SPF records, as published
  std::optional<Record> record;          // of the only one, if its syntax is right
  std::optional<SyntaxError> error;      // of the only one, if it is not
  std::vector<std::string_view> notes;   // codes of what is legal and yet hardly meant (notes.h)
  std::vector<std::string> near_misses;  // TXT records that look meant as SPF, yet are none
};
using PolicyPtr = std::shared_ptr<const Policy>;

// Parsed once an answer, and kept with it.
PolicyPtr policy_of(const dns::Answer& answer);

}  // namespace mailassay::spf
