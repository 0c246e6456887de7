// --expect KEY=VALUE and ?expect=: one condition on a report.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <boost/system/result.hpp>

namespace mailassay::evaluation {

struct BadExpectation {
  std::string message;  // names the text, what is wrong, and the fix
};

// PATH OP VALUE with OP one of = != >= <= > <. PATH is dotted: a member, a number (an array's element), `any`
// (any element), or `[domain]` (the element whose "domain" is that). A path to an object means its "result".
class Expectation {
 public:
  static boost::system::result<Expectation, BadExpectation> parse(std::string_view text);

  // Nothing if it holds, else one line: what was expected and what the report has.
  std::optional<std::string> unmet(const boost::json::object& report) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string path_;
  std::string op_;
  std::string value_;
};

}  // namespace mailassay::evaluation
