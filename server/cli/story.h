// A story told on a terminal: the tree of steps in words, and the verdict in one line.
#pragma once

#include "cli/words.h"

#include <cstdint>
#include <map>
#include <string>

#include <boost/json.hpp>

namespace mailassay::cli {

// Turns events (journal::to_json's objects) into indented lines, in the order they come.
class Story {
 public:
  explicit Story(const Words& words) : words_(words) {}
  // The lines of one event, each ended by a line feed.
  std::string tell(const boost::json::object& event);

 private:
  std::string counsel(const std::string& kind, const boost::json::object& facts,
                      const std::string& indent) const;

  const Words& words_;
  std::map<std::int64_t, int> depths_;
  std::string phase_;
};

// "spf=pass dkim=pass dmarc=pass … spf_aligned=yes …" of a report: one line for a person or a script.
// Alignment is a fact beside the result; of several signatures it is that of those whose word is shown.
std::string summary_line(const boost::json::object& report);

}  // namespace mailassay::cli
