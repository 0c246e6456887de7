// The live DNS by c-ares on an Asio executor: UDP with EDNS, TCP when truncated, the AD bit asked for.
#pragma once

#include "dns/resolver.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace mailassay::dns {

struct CaresOptions {
  std::vector<std::string> servers;  // "ADDR:PORT" or "[v6]:PORT"; empty: the system's (/etc/resolv.conf)
  std::chrono::milliseconds timeout{2000};  // of one try
  int tries = 2;                            // of each server that keeps silent
  std::string resolv_conf = "/etc/resolv.conf";
};

// One channel; used on executor's thread alone. Throws std::runtime_error with one line for a bad server.
std::unique_ptr<Resolver> make_cares_resolver(boost::asio::any_io_executor executor, CaresOptions options);

}  // namespace mailassay::dns
