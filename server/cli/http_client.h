// A running server's API, for the commands that ask it.
#pragma once

#include "cli/commands.h"

#include <optional>
#include <string>

#include <boost/json.hpp>

namespace mailassay::cli {

struct ApiAnswer {
  int status = 0;
  std::string body;
};

// Both throw config::BadOption with one line if the server cannot be reached (naming --server) or refuses the
// key.
ApiAnswer api_get(const ServerArguments& server, const std::string& path, int seconds);
ApiAnswer api_post(const ServerArguments& server, const std::string& path, const std::string& json);

// The "detail" of an RFC 9457 problem, or the body's start.
std::string problem_of(const ApiAnswer& answer);

}  // namespace mailassay::cli
