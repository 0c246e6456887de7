// Errors as RFC 9457 problem details, and the JSON answers beside them.
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>
#include <httplib.h>

namespace mailassay::http {

// An answer that refuses. `detail` is one line that names the field and the fix.
struct Problem {
  int status = 500;
  std::string detail;
};

std::string_view reason_phrase(int status);

void answer_problem(httplib::Response& response, const Problem& problem);
void answer_json(httplib::Response& response, int status, const boost::json::value& value);

}  // namespace mailassay::http
