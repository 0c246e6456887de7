#include "evaluation/spf/policy.h"

#include "evaluation/spf/ascii.h"
#include "evaluation/spf/notes.h"

namespace mailassay::spf {
namespace {

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
  if (const auto* kept = std::any_cast<PolicyPtr>(&answer.parsed)) return *kept;
  auto policy = std::make_shared<const Policy>(read(answer));
  // A domain may publish one name for SPF and for DKIM: the first reader's stays.
  if (!answer.parsed.has_value()) answer.parsed = policy;
  return policy;
}

}  // namespace mailassay::spf
