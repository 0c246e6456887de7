// Asks the zones' own servers, past every cache: the truth of this minute.
#pragma once

#include "dns/resolver.h"

#include <chrono>
#include <cstdint>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace mailassay::dns {

struct AuthoritativeOptions {
  std::uint16_t port = 53;
  bool allow_private = false;               // servers at loopback and other special addresses: for tests
  std::chrono::milliseconds timeout{1000};  // of one try
  int exchanges = 400;                      // in all; then `recursive` answers
};

// `recursive` tells the zones' servers, and answers where none of them can be asked: Answer::server is then
// "resolver " with that resolver's, and Answer::instead says why: no_name_server, no_address,
// special_address, not_authoritative, unreachable, too_many_questions. Give one that caches, since it is
// asked again and again. It outlives this resolver, and this resolver its questions (see lasting.h). One
// thread, one evaluation: what kept silent once is not asked again.
std::unique_ptr<Resolver> make_authoritative_resolver(boost::asio::any_io_executor executor,
                                                      Resolver& recursive, AuthoritativeOptions options = {});

}  // namespace mailassay::dns
