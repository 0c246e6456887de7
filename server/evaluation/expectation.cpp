#include "evaluation/expectation.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace mailassay::evaluation {
namespace {

namespace json = boost::json;

struct Segment {
  std::string text;
  bool is_domain = false;  // [domain]
};

// "dkim[example.com].key_bits" as dkim, [example.com], key_bits; nothing if it is malformed.
std::optional<std::vector<Segment>> split(std::string_view path) {
  std::vector<Segment> segments;
  while (!path.empty()) {
    if (path.front() == '[') {
      const auto close = path.find(']');
      if (close == std::string_view::npos || close == 1 || segments.empty()) return std::nullopt;
      segments.push_back({std::string(path.substr(1, close - 1)), true});
      path.remove_prefix(close + 1);
      if (!path.empty() && path.front() == '.')
        path.remove_prefix(1);
      else if (!path.empty() && path.front() != '[')
        return std::nullopt;
      continue;
    }
    const auto end = path.find_first_of(".[");
    if (end == 0) return std::nullopt;
    segments.push_back({std::string(path.substr(0, end)), false});
    if (end == std::string_view::npos) break;
    path.remove_prefix(path[end] == '.' ? end + 1 : end);
    if (path.empty()) return std::nullopt;
  }
  if (segments.empty()) return std::nullopt;
  return segments;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
  return whole ? std::optional(value) : std::nullopt;
}

std::string to_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

bool is_order(std::string_view op) {
  return op[0] == '<' || op[0] == '>';
}

bool holds(const json::value& value, std::string_view op, std::string_view wanted) {
  if (!is_order(op)) return (to_text(value) == wanted) == (op == "=");
  if (!value.is_number()) return false;
  const auto left = value.to_number<double>();
  const auto right = *number(wanted);
  return op == ">=" ? left >= right : op == "<=" ? left <= right : op == ">" ? left > right : left < right;
}

struct Match {
  std::string path;
  const json::value* value;
};

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "nothing" : text;
}

// What stands at a place, for whoever asked for something else.
std::string contents(const json::value& value) {
  std::vector<std::string> words;
  if (value.is_object())
    for (const auto& member : value.get_object()) words.emplace_back(member.key());
  else if (value.is_array())
    for (const auto& element : value.get_array()) {
      const auto* domain = element.is_object() ? element.get_object().if_contains("domain") : nullptr;
      words.push_back(domain == nullptr ? to_text(element) : "[" + to_text(*domain) + "]");
    }
  else
    return "only the value " + to_text(value);
  return join(words);
}

class Resolution {
 public:
  Resolution(const std::vector<Segment>& segments, const json::value& root) : segments_(segments) {
    descend(root, 0, "");
  }
  const std::vector<Match>& matches() const { return matches_; }
  const std::string& fault() const { return fault_; }

 private:
  void descend(const json::value& value, std::size_t at, const std::string& path) {
    if (at == segments_.size()) return arrive(value, path);
    const auto& segment = segments_[at];
    if (value.is_null()) return fail(path + " is null: it was not judged");
    if (segment.is_domain || segment.text == "any") return elements(value, segment, at, path);
    if (value.is_array()) {
      std::size_t index = 0;
      const auto [end, error] =
          std::from_chars(segment.text.data(), segment.text.data() + segment.text.size(), index);
      const auto& array = value.get_array();
      const bool whole = error == std::errc() && end == segment.text.data() + segment.text.size();
      if (!whole || index >= array.size()) return absent(value, segment.text, path);
      return descend(array[index], at + 1, path + "." + segment.text);
    }
    const auto* member = value.is_object() ? value.get_object().if_contains(segment.text) : nullptr;
    if (member == nullptr) return absent(value, segment.text, path);
    descend(*member, at + 1, path.empty() ? segment.text : path + "." + segment.text);
  }

  void elements(const json::value& value, const Segment& segment, std::size_t at, const std::string& path) {
    if (!value.is_array()) return fail(path + " is no list, so it has no " + segment.text);
    bool any = false;
    std::size_t index = 0;
    for (const auto& element : value.get_array()) {
      const auto place = path + "." + std::to_string(index++);
      const auto* domain = element.is_object() ? element.get_object().if_contains("domain") : nullptr;
      if (segment.is_domain && (domain == nullptr || to_text(*domain) != segment.text)) continue;
      any = true;
      descend(element, at + 1, place);
    }
    if (!any) absent(value, segment.is_domain ? "[" + segment.text + "]" : "element", path);
  }

  // A path to an object means its result; to a list, the result of any element.
  void arrive(const json::value& value, const std::string& path) {
    if (value.is_object())
      if (const auto* result = value.get_object().if_contains("result"))
        return matches_.push_back({path + ".result", result});
    if (value.is_array() && !value.get_array().empty()) {
      std::size_t index = 0;
      for (const auto& element : value.get_array()) arrive(element, path + "." + std::to_string(index++));
      return;
    }
    matches_.push_back({path, &value});
  }

  void absent(const json::value& value, const std::string& name, const std::string& path) {
    fail((path.empty() ? "the report" : path) + " has no " + name + "; there is: " + contents(value));
  }

  void fail(std::string text) {
    if (fault_.empty()) fault_ = std::move(text);
  }

  const std::vector<Segment>& segments_;
  std::vector<Match> matches_;
  std::string fault_;
};

BadExpectation bad(std::string_view text, std::string_view what) {
  return {"bad expectation \"" + std::string(text) + "\": " + std::string(what)};
}

// The first operator outside brackets: its place and length.
std::pair<std::size_t, std::size_t> find_operator(std::string_view text) {
  bool in_brackets = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') in_brackets = true;
    if (text[i] == ']') in_brackets = false;
    if (in_brackets || std::string_view("=!<>").find(text[i]) == std::string_view::npos) continue;
    const bool two = text[i] != '=' && i + 1 < text.size() && text[i + 1] == '=';
    return {i, two ? 2 : 1};
  }
  return {std::string_view::npos, 0};
}

}  // namespace

boost::system::result<Expectation, BadExpectation> Expectation::parse(std::string_view text) {
  const auto [place, length] = find_operator(text);
  if (place == std::string_view::npos)
    return bad(text, "no operator; write PATH=VALUE, for example dmarc=pass");
  Expectation expectation;
  expectation.text_ = text;
  expectation.path_ = text.substr(0, place);
  expectation.op_ = text.substr(place, length);
  expectation.value_ = text.substr(place + length);
  if (expectation.op_ == "!") return bad(text, "\"!\" is no operator; write !=");
  if (!expectation.value_.empty() && expectation.value_[0] == '=')
    return bad(text, "\"" + expectation.op_ + "=\" is no operator; write one of = != >= <= > <");
  if (expectation.path_.empty()) return bad(text, "no path before the operator; write PATH=VALUE");
  if (expectation.path_.find_first_of(" \t") != std::string::npos)
    return bad(text, "white space in the path; write it without");
  if (!split(expectation.path_))
    return bad(text, "the path is malformed; write names joined by dots, as dkim[example.com].result");
  if (is_order(expectation.op_) && !number(expectation.value_))
    return bad(text, "\"" + expectation.op_ + "\" compares numbers; write a number after it");
  return expectation;
}

std::optional<std::string> Expectation::unmet(const json::object& report) const {
  const auto segments = *split(path_);
  const json::value root(report);
  const Resolution resolution(segments, root);
  std::vector<std::string> found;
  const bool asks_any = std::any_of(segments.begin(), segments.end(), [](const Segment& segment) {
    return !segment.is_domain && segment.text == "any";
  });
  // "dkim!=pass": no element may be pass; "dkim.any.result!=pass": one is not.
  const bool all = op_ == "!=" && !asks_any;
  bool met = all && !resolution.matches().empty();
  for (const auto& [path, value] : resolution.matches()) {
    const bool holds_here = holds(*value, op_, value_);
    met = all ? met && holds_here : met || holds_here;
    found.push_back(path + " is " + to_text(*value));
  }
  if (met) return std::nullopt;
  const auto actual = resolution.matches().empty() ? resolution.fault() : join(found);
  return "expected " + text_ + ", but " + actual;
}

}  // namespace mailassay::evaluation
