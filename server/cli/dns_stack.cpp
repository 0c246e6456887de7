#include "cli/dns_stack.h"

#include "config/options.h"
#include "dns/authoritative_resolver.h"
#include "dns/cache.h"
#include "dns/cares_resolver.h"
#include "dns/lasting.h"

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

// What one evaluation past the cache stands on. Questions asked ahead may outlive it: each cache's upstream
// lasts by itself.
struct Zones {
  std::unique_ptr<dns::Resolver> live;  // the configured resolver, each question once
  std::unique_ptr<dns::Resolver> servers;
};
struct FreshLayers {
  std::unique_ptr<dns::Resolver> zones;  // a share of Zones
  std::unique_ptr<dns::Resolver> live, authoritative;
  std::unique_ptr<dns::Resolver> live_overlaid, authoritative_overlaid;
};

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

DnsStack::DnsStack(boost::asio::any_io_executor executor, const DnsSource& source)
    : executor_(executor), overlay_(source.overlay) {
  if (source.zone) {
    layered_ = dns::make_zone_resolver(source.zone);
  } else {
    live_ = dns::make_cares_resolver(executor, {source.servers, source.timeout});
    if (source.overlay) layered_ = dns::make_overlay_resolver(source.overlay, *live_);
  }
  cache_ = dns::make_cache(executor, layered_ ? *layered_ : *live_);
}

DnsStack::~DnsStack() = default;

evaluation::FreshDns DnsStack::fresh() {
  const auto layers = std::make_shared<FreshLayers>();
  const auto view = [&](dns::Resolver& top) {
    return dns::make_lasting(std::shared_ptr<dns::Resolver>(layers, &top));
  };
  layers->live = dns::make_cache(executor_, live_ ? *live_ : *layered_);
  if (!live_) return {view(*layers->live), view(*layers->live)};
  const auto zones = std::make_shared<Zones>();
  zones->live = dns::make_cache(executor_, *live_);
  zones->servers = dns::make_authoritative_resolver(executor_, *zones->live);
  layers->zones = dns::make_lasting(std::shared_ptr<dns::Resolver>(zones, zones->servers.get()));
  layers->authoritative = dns::make_cache(executor_, *layers->zones);
  if (!overlay_) return {view(*layers->authoritative), view(*layers->live)};
  layers->live_overlaid = dns::make_overlay_resolver(overlay_, *layers->live);
  layers->authoritative_overlaid = dns::make_overlay_resolver(overlay_, *layers->authoritative);
  return {view(*layers->authoritative_overlaid), view(*layers->live_overlaid)};
}

}  // namespace mailassay::cli
