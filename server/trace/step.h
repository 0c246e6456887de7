// A step: one typed fact of a mail's story, in a tree of local numbers. SMTP, DNS and the evaluation emit
// steps into a sink; who reads them (journal, command line, tests) is not their business.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mailassay::trace {

enum class Phase : std::uint8_t { connection, smtp, message, iprev, spf, dkim, arc, dmarc, verdict, advice };
// The word that events carry in "phase".
std::string_view to_string(Phase phase);

// A name that lives as long as the program: step kinds and fact keys are literals, checked at compile time.
class Name {
 public:
  template <std::size_t N>
  consteval Name(const char (&literal)[N]) : text_(literal, N - 1) {}
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class Value;
struct Fact;
struct Given;
using List = std::vector<Value>;

// In the order they are shown. What stands in braces is moved in, where a vector would copy it.
class Facts : public std::vector<Fact> {
 public:
  Facts() = default;
  Facts(std::initializer_list<Given> given);
};

// What a fact holds. Strings are octets as they came; whoever renders JSON replaces invalid UTF-8 by U+FFFD.
class Value {
 public:
  using Storage = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Facts>;

  Value(std::nullptr_t = nullptr);
  Value(bool value);
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  Value(Integer value);
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(const char* value);
  Value(List value);
  Value(Facts value);
  Value(const std::vector<std::string>& values);  // a list of strings

  const Storage& storage() const { return storage_; }

 private:
  Storage storage_;
};

struct Fact {
  Fact(Name fact_key, Value fact_value) : key(fact_key.text()), value(std::move(fact_value)) {}
  template <typename V>
    requires std::constructible_from<Value, V>
  Fact(Name fact_key, V&& fact_value) : key(fact_key.text()), value(std::forward<V>(fact_value)) {}
  std::string_view key;
  Value value;
};

// One in the braces of Facts; mutable since a list in braces is constant.
struct Given {
  Given(Name key, Value value) : fact(key, std::move(value)) {}
  template <typename V>
    requires std::constructible_from<Value, V>
  Given(Name key, V&& value) : fact(key, std::forward<V>(value)) {}
  Given(Fact ready) : fact(std::move(ready)) {}
  mutable Fact fact;
};

template <std::integral Integer>
  requires(!std::same_as<Integer, bool>)
Value::Value(Integer value) : storage_(static_cast<std::int64_t>(value)) {}

using Number = std::uint32_t;  // local to one story (an SMTP connection, one evaluation), from 1; 0 is none
using TimePoint = std::chrono::system_clock::time_point;

struct Step {
  Number number = 0;
  Number parent = 0;
  TimePoint at;
  Phase phase = Phase::connection;
  std::string_view kind;  // "spf.mechanism"; a literal
  Facts data;
};

// Takes steps as they happen, on one thread.
class Sink {
 public:
  virtual ~Sink() = default;
  // Numbers the step, dates it, and passes it on. parent is a number this sink gave before, or 0.
  virtual Number emit(Number parent, Phase phase, Name kind, Facts data) = 0;
};

// A place in the tree: what is emitted here becomes a child of `parent`.
struct Scope {
  Sink* sink;
  Phase phase;
  Number parent = 0;

  // Emits a step and returns the place below it.
  Scope step(Name kind, Facts data = {}) const {
    return {sink, phase, sink->emit(parent, phase, kind, std::move(data))};
  }
  Scope in(Phase other) const { return {sink, other, parent}; }
};

// Keeps every step in memory: for the command line, the API's evaluations, and tests.
class Recorder final : public Sink {
 public:
  Number emit(Number parent, Phase phase, Name kind, Facts data) override;
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

}  // namespace mailassay::trace
