// The server's options from file, environment and flags, and what they mean for the SMTP and HTTP rooms.
#pragma once

#include "cli/commands.h"
#include "config/options.h"
#include "http/server.h"
#include "smtp/options.h"

#include <string>

namespace mailassay::cli {

// Read in order (file, environment, flags) and validated; throws config::BadOption.
config::Options server_options(const ServeArguments& arguments);

smtp::Options smtp_options(const config::Options& options);
std::vector<smtp::ListenAddress> smtp_addresses(const config::Options& options);
http::Options http_options(const config::Options& options);

// True if page and SMTP listen on loopback alone: the machine of a developer.
bool is_local_alone(const config::Options& options);

}  // namespace mailassay::cli
