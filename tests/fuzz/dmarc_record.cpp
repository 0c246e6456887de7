// Any text as a DMARC record: none, or a record whose tags, written again, mean the same.
#include "evaluation/dmarc/record.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace mailassay::dmarc;

namespace {

bool means_the_same(const Record& a, const Record& b) {
  return a.p == b.p && a.sp == b.sp && a.np == b.np && a.bad_sp == b.bad_sp && a.bad_np == b.bad_np &&
         a.strict_dkim == b.strict_dkim && a.strict_spf == b.strict_spf && a.testing == b.testing &&
         a.psd == b.psd && a.pct == b.pct && a.fo == b.fo && a.rua == b.rua && a.ruf == b.ruf;
}

bool is_known(const Fault& fault) {
  constexpr std::string_view kCauses[] = {"bad_value",    "duplicate_tag", "malformed_tag", "bad_uri",
                                          "historic_tag", "unknown_tag",   "size_limit"};
  return std::find(std::begin(kCauses), std::end(kCauses), fault.cause) != std::end(kCauses);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  host_of_uri(text);
  // Also behind a version, or the fuzzer spends its time on finding one.
  for (const auto& whole : {text, "v=DMARC1;" + text}) {
    const auto record = parse_record(whole);
    if (!record) continue;
    if (record->text != whole || record->pct < 0 || record->pct > 100) std::abort();
    if (!std::all_of(record->faults.begin(), record->faults.end(), is_known)) std::abort();
    std::string written;
    for (const auto& tag : record->tags) written += tag.name + " = " + tag.value + "; ";
    const auto again = parse_record(written);
    if (!again || !means_the_same(*record, *again)) std::abort();
  }
  return 0;
}
