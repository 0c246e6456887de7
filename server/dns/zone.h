// A zone file as the whole DNS, or as an overlay over the live one: master-file lines (RFC 1035 section 5)
// plus $TIMEOUT, $SERVFAIL, $NXDOMAIN, $NODATA and $DELAY.
#pragma once

#include "dns/resolver.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/result.hpp>

namespace mailassay::dns {

struct ZoneError {
  std::size_t line = 0;  // from 1
  std::string message;   // names the line's fault and the fix
};

class Zone {
 public:
  static boost::system::result<std::shared_ptr<const Zone>, ZoneError> parse(std::string_view text);
  virtual ~Zone() = default;

  // Names outside are NXDOMAIN; names above others exist without data; CNAMEs and wildcards as in the DNS.
  virtual Answer answer(const std::string& name, Type type) const = 0;
  // $DELAY of the name, 0 without.
  virtual std::chrono::milliseconds delay(const std::string& name) const = 0;
  // True if the zone says anything of that name and type, by a record or a directive (for overlays).
  virtual bool covers(const std::string& name, Type type) const = 0;
  // The target of the CNAME that a question of that name and type must follow, if there is one.
  virtual std::optional<std::string> alias(const std::string& name, Type type) const = 0;
};

// The zone is the whole DNS.
std::unique_ptr<Resolver> make_zone_resolver(std::shared_ptr<const Zone> zone);
// The zone's RRsets replace those of `live`, which must outlive it; a CNAME may lead from one to the other.
std::unique_ptr<Resolver> make_overlay_resolver(std::shared_ptr<const Zone> zone, Resolver& live);

}  // namespace mailassay::dns
