// Which header fields a signature covers (RFC 6376 section 5.4.2), found without walking the header for each
// name.
#pragma once

#include "message/message.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mailassay::dkim {

class FieldIndex {
 public:
  // The fields must outlive the index.
  explicit FieldIndex(std::span<const message::Field> fields);

  // For each name, without case, the lowest field of that name that no earlier entry took; null when none is
  // left, which signs its absence. `own` is never taken: it was not there when the mail was signed.
  std::vector<const message::Field*> select(std::span<const std::string_view> names,
                                            const message::Field* own) const;
  // How many fields have that name.
  std::size_t count(std::string_view name) const;

 private:
  std::vector<const message::Field*> sorted_;  // by name without case, the lowest field first
};

// ASCII letters without case.
bool equals_without_case(std::string_view a, std::string_view b);

}  // namespace mailassay::dkim
