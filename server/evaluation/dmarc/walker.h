// Walks the DNS tree and tells each question (RFC 9989 section 4.10). One evaluation's answers are kept, so
// that walks which meet in the same parents ask once.
#pragma once

#include "dns/resolver.h"
#include "evaluation/dmarc/tree.h"
#include "trace/step.h"

#include <string>

#include <boost/asio/awaitable.hpp>

namespace mailassay::dmarc {

class Walker {
 public:
  Walker(dns::Resolver& resolver, int limit) : resolver_(resolver), limit_(limit) {}

  // Asks what a walk from `domain` asks, unless it is known. Steps "dmarc.walk" with "dmarc.walk_query"
  // below; `purpose` says whose domain it is: author, spf, dkim, report.
  boost::asio::awaitable<void> walk(std::string domain, const char* purpose, trace::Scope scope);
  // One name alone, unless it is known.
  boost::asio::awaitable<void> look_up(std::string domain, trace::Scope scope);

  std::vector<Found> walked(std::string_view domain, Hidden hidden = Hidden::nothing) const {
    return dmarc::walked(tree_, domain, limit_, hidden);
  }
  // The first failure met on the way of a walk, or null.
  const Published* failure(std::string_view domain) const;
  const Tree& tree() const { return tree_; }

 private:
  dns::Resolver& resolver_;
  int limit_;
  Tree tree_;
};

// Starts every question of a walk from `domain` at once.
void prefetch_walk(dns::Resolver& resolver, std::string_view domain, int limit);

// Tells an answer that is already here, as dns::ask would.
boost::asio::awaitable<void> tell_answer(dns::AnswerPtr answer, trace::Scope scope);

// The stable code of a DNS failure: dns_servfail, dns_refused, dns_timeout.
std::string failure_cause(dns::Status status);

}  // namespace mailassay::dmarc
