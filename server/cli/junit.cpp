#include "cli/junit.h"

#include "cli/story.h"
#include "config/options.h"
#include "trace/json.h"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace mailassay::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// XML 1.0 section 2.2 has no C0 control but tab, LF and CR, and neither U+FFFE nor U+FFFF.
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}
bool starts_with_noncharacter(std::string_view text) {
  return text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF");
}

// As a reference where the character would end the text or be read as another one (section 3.3.3 makes
// white space in an attribute a space, section 2.11 a CR a line feed).
std::string_view reference(char c, bool attribute) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '\r':
      return "&#13;";
    case '"':
      return attribute ? "&quot;" : "";
    case '\n':
      return attribute ? "&#10;" : "";
    case '\t':
      return attribute ? "&#9;" : "";
    default:
      return "";
  }
}

std::string escaped(std::string_view octets, bool attribute) {
  const std::string valid = trace::valid_utf8(octets);
  std::string xml;
  for (std::string_view rest = valid; !rest.empty();) {
    const bool noncharacter = starts_with_noncharacter(rest);
    const auto name = reference(rest.front(), attribute);
    if (noncharacter || is_control(rest.front()))
      xml += kReplacement;
    else if (!name.empty())
      xml += name;
    else
      xml += rest.front();
    rest.remove_prefix(noncharacter ? kReplacement.size() : 1);
  }
  return xml;
}

std::string text(std::string_view octets) {
  return escaped(octets, false);
}
// With its quotes.
std::string attribute(std::string_view octets) {
  return '"' + escaped(octets, true) + '"';
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(time).count());
}

// For people, the field as a mail shows it: its folds are line ends.
std::string results_field(const boost::json::object& report) {
  const auto* value = report.if_contains("authentication_results");
  if (!value || !value->is_string()) return {};
  std::string field = "Authentication-Results: ";
  for (const char c : value->get_string())
    if (c != '\r') field += c;
  return field + '\n';
}

class Suite {
 public:
  void add(std::string_view name, std::string_view group, std::chrono::milliseconds took,
           const std::string& outcome = {}) {
    cases_ += fmt::format("    <testcase classname={} name={} time=\"{}\"", attribute(group), attribute(name),
                          seconds(took));
    cases_ += outcome.empty() ? "/>\n" : fmt::format(">\n      {}\n    </testcase>\n", outcome);
    ++tests_;
  }
  // An element that says why a case did not pass; some readers show the attribute, others the text.
  static std::string because(std::string_view element, std::string_view line) {
    return fmt::format("<{0} message={1}>{2}</{0}>", element, attribute(line), text(line));
  }
  std::string failure(std::string_view line) {
    ++failures_;
    return because("failure", line);
  }
  std::string error(std::string_view line) {
    ++errors_;
    return because("error", line);
  }
  std::string skipped(std::string_view line) {
    ++skipped_;
    return because("skipped", line);
  }

  // `out` is the text beside the results.
  std::string document(const Waited& waited, std::string_view out) const {
    const auto counts =
        fmt::format("name=\"mailassay wait\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\"", tests_,
                    failures_, errors_, seconds(waited.took));
    const auto started = trace::to_rfc3339(waited.started).substr(0, 19);  // readers want no zone
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n"
        "  <testsuite {0} skipped=\"{1}\" timestamp=\"{2}\">\n{3}"
        "    <system-out>{4}</system-out>\n  </testsuite>\n</testsuites>\n",
        counts, skipped_, started, cases_, text(out));
  }

 private:
  std::string cases_;
  int tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
};

}  // namespace

std::string to_junit(const Waited& waited, const std::vector<evaluation::Expectation>& expectations) {
  Suite suite;
  const auto judged = waited.report    ? std::string()
                      : waited.refused ? suite.error(waited.why_not)
                                       : suite.failure(waited.why_not);
  suite.add("a mail was judged", "mailassay.wait", waited.took, judged);
  for (const auto& expectation : expectations) {
    std::string outcome;
    if (!waited.report)
      outcome = suite.skipped("no mail was judged");
    else if (const auto line = expectation.unmet(*waited.report))
      outcome = suite.failure(*line);
    suite.add(expectation.text(), "mailassay.expect", std::chrono::milliseconds(0), outcome);
  }
  return suite.document(waited, waited.report
                                    ? summary_line(*waited.report) + '\n' + results_field(*waited.report)
                                    : waited.why_not + '\n');
}

JunitFile::JunitFile(const std::string& path) : path_(path), file_(path, std::ios::binary | std::ios::trunc) {
  if (!file_) refuse(errno);
}

void JunitFile::write(const std::string& document) {
  file_ << document << std::flush;
  if (!file_) refuse(errno);
}

void JunitFile::refuse(int error) const {
  throw config::BadOption(
      fmt::format("--junit: '{}' cannot be written ({}); name a file in a folder that exists and may be "
                  "written to",
                  path_, std::strerror(error)));
}

}  // namespace mailassay::cli
