// What differs between two reports of one mail.
#pragma once

#include <boost/json.hpp>

namespace mailassay::evaluation {

// [{"path": "spf.result", "before": "pass", "after": "fail"}, …] in the order of the report: the connection
// and every verdict with its facts, not the message and not authentication_results. An absent part is null.
// Paths are those that --expect takes.
boost::json::array changes(const boost::json::object& before, const boost::json::object& after);

}  // namespace mailassay::evaluation
