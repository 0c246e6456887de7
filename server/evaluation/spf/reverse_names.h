// The client's names from its PTR records, validated by their addresses one after the other (RFC 7208
// section 5.5).
#pragma once

#include "dns/resolver.h"
#include "trace/step.h"

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace mailassay::spf {

class ReverseNames {
 public:
  ReverseNames(dns::Resolver& resolver, net::IpAddress ip, int limit);

  // Asks for the PTR records; a second call asks nothing. Names beyond the limit are ignored.
  boost::asio::awaitable<dns::Status> load(trace::Scope scope);
  bool loaded() const { return loaded_; }

  // True while a name was not looked at yet.
  bool more() const { return next_ < names_.size(); }
  struct Checked {
    std::string name;
    dns::Status status = dns::Status::timeout;  // of its addresses
    bool validated = false;
  };
  // Looks the next name's addresses up.
  boost::asio::awaitable<Checked> check_next(trace::Scope scope);

  const std::vector<std::string>& validated() const { return validated_; }

 private:
  dns::Resolver& resolver_;
  net::IpAddress ip_;
  std::size_t limit_;
  bool loaded_ = false;
  dns::Status status_ = dns::Status::timeout;
  std::vector<std::string> names_;
  std::vector<std::string> validated_;
  std::size_t next_ = 0;
};

}  // namespace mailassay::spf
