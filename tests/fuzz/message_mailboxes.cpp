// Any text as an address field: known faults, each once; and an address read without a fault reads as itself.
#include "fuzz/require.h"
#include "message/address.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

using namespace mailassay;
using fuzz::require;

namespace {

const std::set<std::string, std::less<>> kFaults = {
    "empty",           "no_domain",      "several_at",         "missing_comma",
    "unclosed_angle",  "unclosed_quote", "unclosed_comment",   "unclosed_literal",
    "unclosed_group",  "empty_address",  "junk_after_address", "source_route",
    "group",           "domain_literal", "control_character",  "address_in_display_name",
    "encoded_address", "bad_domain"};

void check_round_trip(const message::Mailbox& mailbox) {
  const auto again = message::parse_mailboxes(mailbox.addr_spec);
  require(again.mailboxes.size() == 1 && again.faults.empty());
  require(again.mailboxes[0].local_part == mailbox.local_part);
  require(again.mailboxes[0].domain == mailbox.domain);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = message::parse_mailboxes({reinterpret_cast<const char*>(data), size});
  for (const auto& fault : read.faults) require(kFaults.contains(fault));
  require(std::set(read.faults.begin(), read.faults.end()).size() == read.faults.size());
  const bool empty = std::find(read.faults.begin(), read.faults.end(), "empty") != read.faults.end();
  require(read.mailboxes.empty() == empty);
  for (const auto& mailbox : read.mailboxes) {
    for (const char c : mailbox.domain) require(c < 'A' || c > 'Z');
    if (read.faults.empty()) check_round_trip(mailbox);
  }
  return 0;
}
