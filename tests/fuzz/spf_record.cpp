// Any octets as an SPF record and as an explanation: read or refused; what is read prints to the same terms.
#include "evaluation/spf/notes.h"
#include "evaluation/spf/record.h"

#include <cstdint>
#include <cstdlib>

using namespace mailassay;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto macro = spf::parse_explanation(text)) {
    spf::MacroValues values;
    values.sender = values.domain = "a.b.example";
    if (spf::expand_domain(*macro, values).name.size() > size * 11 + 253) std::abort();
  }
  const auto record = spf::parse_record("v=spf1 " + std::string(text));
  if (!record) return record.error().why.empty() ? (std::abort(), 0) : 0;
  spf::notes_of(*record);
  const auto printed = record->to_string();
  const auto again = spf::parse_record(printed);
  if (!again || again->to_string() != printed) std::abort();
  return 0;
}
