// What `wait` found as a JUnit file, the shape that GitLab, Jenkins and GitHub's actions read.
#pragma once

#include "evaluation/expectation.h"
#include "trace/step.h"

#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace mailassay::cli {

struct Waited {
  trace::TimePoint started;
  std::chrono::milliseconds took{0};
  std::optional<boost::json::object> report;  // nothing: no mail was judged
  std::string why_not;                        // without a report: one line
  bool refused = false;                       // without a report: the server failed, not the mail
};

// The document, UTF-8: a test case "a mail was judged", and one for each expectation (skipped without a
// report). Whatever the mail holds stays text: it is escaped, and what XML 1.0 has no character for is
// U+FFFD.
std::string to_junit(const Waited& waited, const std::vector<evaluation::Expectation>& expectations);

// The file of --junit, emptied at once, so that a name that cannot be written is told before the wait.
// Both throw config::BadOption with one line that names --junit.
class JunitFile {
 public:
  explicit JunitFile(const std::string& path);
  // Once: the whole document.
  void write(const std::string& document);

 private:
  [[noreturn]] void refuse(int error) const;

  std::string path_;
  std::ofstream file_;
};

}  // namespace mailassay::cli
