#include "cli/expectations.h"

#include "config/options.h"

#include <cstdio>

namespace mailassay::cli {

std::vector<evaluation::Expectation> parse_expectations(const std::vector<std::string>& texts) {
  std::vector<evaluation::Expectation> expectations;
  for (const auto& text : texts) {
    auto expectation = evaluation::Expectation::parse(text);
    if (!expectation) throw config::BadOption("--expect: " + expectation.error().message);
    expectations.push_back(std::move(*expectation));
  }
  return expectations;
}

bool unmet(const std::vector<evaluation::Expectation>& expectations, const boost::json::object& report) {
  bool any = false;
  for (const auto& expectation : expectations)
    if (const auto line = expectation.unmet(report)) {
      std::fprintf(stderr, "mailassay: %s\n", line->c_str());
      any = true;
    }
  return any;
}

}  // namespace mailassay::cli
