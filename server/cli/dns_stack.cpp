#include "cli/dns_stack.h"

#include "config/options.h"
#include "dns/cache.h"
#include "dns/cares_resolver.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

namespace mailassay::cli {
namespace {

std::shared_ptr<const dns::Zone> load_zone(const std::string& path) {
  if (path.empty()) return nullptr;
  auto zone = dns::Zone::parse(read_input(path));
  if (!zone)
    throw config::BadOption(fmt::format("{} line {}: {}", path, zone.error().line, zone.error().message));
  return *zone;
}

}  // namespace

std::string read_input(const std::string& path) {
  const auto fail = [&] { throw config::BadOption(fmt::format("{}: {}", path, std::strerror(errno))); };
  std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
  if (!file) fail();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> closer(file, std::fclose);
  std::string text;
  char block[65536];
  while (const auto count = std::fread(block, 1, sizeof block, file)) text.append(block, count);
  if (std::ferror(file)) fail();  // a folder, for one
  return text;
}

DnsSource load_dns_source(std::vector<std::string> servers, const std::string& zone_file,
                          const std::string& overlay_file) {
  if (!zone_file.empty() && !overlay_file.empty())
    throw config::BadOption(
        "--zone and --overlay exclude each other: a zone is the whole DNS, an overlay replaces parts");
  return {std::move(servers), std::chrono::milliseconds(2000), load_zone(zone_file), load_zone(overlay_file)};
}

DnsStack::DnsStack(boost::asio::any_io_executor executor, const DnsSource& source) {
  if (source.zone) {
    layered_ = dns::make_zone_resolver(source.zone);
  } else {
    live_ = dns::make_cares_resolver(executor, {source.servers, source.timeout});
    if (source.overlay) layered_ = dns::make_overlay_resolver(source.overlay, *live_);
  }
  cache_ = dns::make_cache(executor, layered_ ? *layered_ : *live_);
}

DnsStack::~DnsStack() = default;

}  // namespace mailassay::cli
