// Facts of recorded steps as text, for tests.
#pragma once

#include "trace/step.h"

#include <string>
#include <string_view>
#include <vector>

namespace mailassay::test {

inline std::string text_of(const trace::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.storage())) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value.storage())) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&value.storage())) return *truth ? "true" : "false";
  const auto* list = std::get_if<trace::List>(&value.storage());
  if (list == nullptr) return "null";
  std::string joined;
  for (const auto& item : *list) joined += (joined.empty() ? "" : ",") + text_of(item);
  return joined;
}

// That fact of every step of that kind, in order; steps without it are passed over.
inline std::vector<std::string> facts_of(const trace::Recorder& recorder, std::string_view kind,
                                         std::string_view key) {
  std::vector<std::string> found;
  for (const auto& step : recorder.steps())
    for (const auto& fact : step.data)
      if (step.kind == kind && fact.key == key) found.push_back(text_of(fact.value));
  return found;
}

// Of the first such step; "absent" if there is none.
inline std::string fact(const trace::Recorder& recorder, std::string_view kind, std::string_view key) {
  const auto found = facts_of(recorder, kind, key);
  return found.empty() ? "absent" : found.front();
}

}  // namespace mailassay::test
