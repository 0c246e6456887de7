// Keeps answers for their TTL (negative ones too, RFC 2308), and joins questions that are under way. One
// thread.
#pragma once

#include "dns/resolver.h"

#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace mailassay::dns {

struct CacheOptions {
  std::size_t entries = 100000;
  std::chrono::seconds max_ttl{3600};
  std::chrono::seconds max_negative_ttl{300};
};

// `upstream` must outlive the cache. Failures are kept for a second; a question under way is shared. A caller
// that is cancelled gets operation_aborted and leaves the others waiting.
std::unique_ptr<Resolver> make_cache(boost::asio::any_io_executor executor, Resolver& upstream,
                                     CacheOptions options = {});

}  // namespace mailassay::dns
