// The resolver that an evaluation asks, built from options: the live DNS, a zone file, or an overlay; behind
// a cache.
#pragma once

#include "dns/resolver.h"
#include "dns/zone.h"
#include "evaluation/judge_again.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

namespace mailassay::cli {

struct DnsSource {
  std::vector<std::string> servers;  // empty: the system's
  std::chrono::milliseconds timeout{2000};
  std::shared_ptr<const dns::Zone> zone;     // the whole DNS
  std::shared_ptr<const dns::Zone> overlay;  // replaces parts of it
};

// Reads the files named (empty: none). Throws config::BadOption naming file, line, fault and fix.
DnsSource load_dns_source(std::vector<std::string> servers, const std::string& zone_file,
                          const std::string& overlay_file);

// One thread's resolver.
class DnsStack {
 public:
  DnsStack(boost::asio::any_io_executor executor, const DnsSource& source);
  ~DnsStack();
  dns::Resolver& resolver() { return *cache_; }
  // For one evaluation past the cache: a zone file answers as it is, an overlay lies over what the zones'
  // own servers say.
  evaluation::FreshDns fresh();

 private:
  boost::asio::any_io_executor executor_;
  std::shared_ptr<const dns::Zone> overlay_;
  std::unique_ptr<dns::Resolver> live_;
  std::unique_ptr<dns::Resolver> layered_;
  std::unique_ptr<dns::Resolver> cache_;
};

// A file's octets, or standard input's for "-". Throws config::BadOption naming the file.
std::string read_input(const std::string& path);

}  // namespace mailassay::cli
