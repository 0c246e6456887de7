#include "trace/step.h"

namespace mailassay::trace {

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::connection:
      return "connection";
    case Phase::smtp:
      return "smtp";
    case Phase::message:
      return "message";
    case Phase::iprev:
      return "iprev";
    case Phase::spf:
      return "spf";
    case Phase::dkim:
      return "dkim";
    case Phase::arc:
      return "arc";
    case Phase::dmarc:
      return "dmarc";
    case Phase::verdict:
      return "verdict";
    case Phase::advice:
      return "advice";
  }
  return "connection";
}

Value::Value(std::nullptr_t) {}
Value::Value(bool value) : storage_(value) {}
Value::Value(double value) : storage_(value) {}
Value::Value(std::string value) : storage_(std::move(value)) {}
Value::Value(std::string_view value) : storage_(std::string(value)) {}
Value::Value(const char* value) : storage_(std::string(value)) {}
Value::Value(List value) : storage_(std::move(value)) {}
Value::Value(Facts value) : storage_(std::move(value)) {}
Value::Value(const std::vector<std::string>& values) : storage_(List(values.begin(), values.end())) {}

Facts::Facts(std::initializer_list<Given> given) {
  reserve(given.size());
  for (const auto& one : given) push_back(std::move(one.fact));
}

Number Recorder::emit(Number parent, Phase phase, Name kind, Facts data) {
  if (steps_.empty()) steps_.reserve(64);  // a usual mail's
  const auto number = static_cast<Number>(steps_.size() + 1);
  steps_.push_back({number, parent, std::chrono::system_clock::now(), phase, kind.text(), std::move(data)});
  return number;
}

}  // namespace mailassay::trace
