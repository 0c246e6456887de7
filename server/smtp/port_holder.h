// Who listens on a TCP port of this machine, for an error that helps.
#pragma once

#include <cstdint>
#include <string>

namespace mailassay::smtp {

// "master (pid 812)"; empty if /proc does not tell (another user's process, another network namespace).
std::string holder_of_port(std::uint16_t port);

}  // namespace mailassay::smtp
