// --expect on the command line.
#pragma once

#include "evaluation/expectation.h"

#include <string>
#include <vector>

namespace mailassay::cli {

// Throws config::BadOption for one that cannot be read.
std::vector<evaluation::Expectation> parse_expectations(const std::vector<std::string>& texts);
// Writes a line a failure on standard error; true if there was one.
bool unmet(const std::vector<evaluation::Expectation>& expectations, const boost::json::object& report);

}  // namespace mailassay::cli
