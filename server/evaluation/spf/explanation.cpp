// exp= (RFC 7208 section 6.2): asked once, after the result is known, and counted to no limit.
#include "evaluation/spf/ascii.h"
#include "evaluation/spf/checker.h"

#include <algorithm>

namespace mailassay::spf {

using trace::Fact;

boost::asio::awaitable<std::optional<std::string>> Checker::explain(Verdict verdict, trace::Scope scope) {
  if (!verdict.policy || !verdict.policy->record->exp) co_return std::nullopt;
  const auto& exp = *verdict.policy->record->exp;
  counting_ = false;
  const auto place = scope.step("spf.exp", facts(Fact("term", exp.text), Fact("rfc", "7208 6.2")));
  const auto give_up = [&](std::string_view why) {
    place.step("spf.explanation", facts(Fact("text", nullptr), Fact("expanded", nullptr), Fact("why", why)));
    return std::nullopt;
  };
  if (cannot_match(&exp.value)) co_return give_up("local_part_not_ascii");
  if (exp.value.uses('p')) co_await ask_validated_name(verdict.domain, place);
  auto target = expand_target(&exp.value, verdict.domain, place);
  const auto answer = co_await dns::ask(resolver_, place, query_name(std::move(target)), dns::Type::TXT);
  if (dns::is_failure(answer->status)) co_return give_up(failure_cause(answer->status));
  if (answer->records.empty()) co_return give_up("exp_no_text");
  if (answer->records.size() > 1) co_return give_up("exp_several_texts");
  const auto text = answer->records.front().text();
  const auto macro = parse_explanation(text);
  if (!macro) co_return give_up(macro.error().why);
  if (macro->uses('p')) co_await ask_validated_name(verdict.domain, place);
  timestamp_ = std::to_string(std::chrono::system_clock::to_time_t(query_.at));
  auto expanded = expand(*macro, values(verdict.domain));
  if (!std::all_of(expanded.begin(), expanded.end(), is_ascii)) co_return give_up("exp_not_ascii");
  place.step("spf.explanation", facts(Fact("text", text), Fact("expanded", expanded), Fact("why", nullptr)));
  co_return expanded;
}

}  // namespace mailassay::spf
