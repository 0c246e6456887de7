#include "evaluation/spf/reverse_names.h"

#include <algorithm>

namespace mailassay::spf {

ReverseNames::ReverseNames(dns::Resolver& resolver, net::IpAddress ip, int limit)
    : resolver_(resolver), ip_(ip), limit_(static_cast<std::size_t>(std::max(limit, 0))) {}

boost::asio::awaitable<dns::Status> ReverseNames::load(trace::Scope scope) {
  if (loaded_) co_return status_;
  const auto answer = co_await dns::ask(resolver_, scope, ip_.reverse_name(), dns::Type::PTR);
  loaded_ = true;
  status_ = answer->status;
  const auto type = ip_.is_v4() ? dns::Type::A : dns::Type::AAAA;
  for (const auto& record : answer->records) {
    if (names_.size() == limit_) break;
    resolver_.prefetch(record.name(), type);
    names_.push_back(record.name());
  }
  co_return status_;
}

boost::asio::awaitable<ReverseNames::Checked> ReverseNames::check_next(trace::Scope scope) {
  Checked checked{names_[next_++]};
  const auto type = ip_.is_v4() ? dns::Type::A : dns::Type::AAAA;
  const auto answer = co_await dns::ask(resolver_, scope, checked.name, type);
  checked.status = answer->status;
  checked.validated = std::any_of(answer->records.begin(), answer->records.end(),
                                  [this](const auto& record) { return record.address() == ip_; });
  if (checked.validated) validated_.push_back(checked.name);
  co_return checked;
}

}  // namespace mailassay::spf
