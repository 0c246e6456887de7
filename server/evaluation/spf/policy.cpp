#include "evaluation/spf/policy.h"

#include "evaluation/spf/ascii.h"
#include "evaluation/spf/notes.h"

namespace mailassay::spf {
namespace {

// Marks our own entries in Answer::parsed: a domain may publish one name for SPF and for DKIM.
struct DeletePolicy {
  void operator()(const Policy* policy) const { delete policy; }
};

// "v=spf1" behind a space, a quote or a byte-order mark, another version, or without the space.
bool is_near_miss(std::string_view text) {
  while (!text.empty() && !is_alphanum(text.front())) text.remove_prefix(1);
  return starts_without_case(text, "v=spf") || starts_without_case(text, "v = spf") ||
         starts_without_case(text, "v= spf") || starts_without_case(text, "spf1 ") ||
         starts_without_case(text, "v:spf1");
}

Policy read(const dns::Answer& answer) {
  Policy policy;
  for (const auto& record : answer.records) {
    auto text = record.text();
    if (is_spf_record(text))
      policy.texts.push_back(std::move(text));
    else if (is_near_miss(text))
      policy.near_misses.push_back(std::move(text));
  }
  if (policy.texts.size() != 1) return policy;
  auto parsed = parse_record(policy.texts.front());
  if (!parsed) {
    policy.error = std::move(parsed).error();
    return policy;
  }
  policy.record = std::move(*parsed);
  policy.notes = notes_of(*policy.record);
  return policy;
}

}  // namespace

PolicyPtr policy_of(const dns::Answer& answer) {
  if (std::get_deleter<DeletePolicy>(answer.parsed) != nullptr)
    return std::static_pointer_cast<const Policy>(answer.parsed);
  PolicyPtr policy(new Policy(read(answer)), DeletePolicy());
  if (!answer.parsed) answer.parsed = policy;
  return policy;
}

}  // namespace mailassay::spf
