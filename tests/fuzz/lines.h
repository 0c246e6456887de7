// Structured inputs for fuzz targets: the input's first lines are values, the rest a small DNS.
#pragma once

#include "dns/name.h"
#include "dns/resolver.h"
#include "fuzz/require.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailassay::fuzz {

inline std::string_view take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

// Lines "name TYPE data" of A, AAAA, MX, PTR and TXT; type FAIL: that name's TXT question fails. Data is
// taken as it is: what no zone file could hold, a server can still send.
class LineResolver final : public dns::Resolver {
 public:
  explicit LineResolver(std::string_view lines) {
    while (!lines.empty()) {
      const auto line = take_line(lines);
      const auto name = line.substr(0, line.find(' '));
      const auto rest = line.substr(std::min(name.size() + 1, line.size()));
      const auto type = rest.substr(0, rest.find(' '));
      add(dns::lower(name), type, rest.substr(std::min(type.size() + 1, rest.size())));
    }
  }

  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override {
    ++queries;
    auto answer = std::make_shared<dns::Answer>();
    answer->name = name;
    answer->type = type;
    const auto found = records_.find({dns::lower(name), type});
    answer->status = !dns::to_wire(name)       ? dns::Status::bad_name
                     : found == records_.end() ? dns::Status::nxdomain
                     : found->second.empty()   ? dns::Status::servfail
                                               : dns::Status::records;
    if (answer->status == dns::Status::records) answer->records = found->second;
    co_return answer;
  }

  int queries = 0;

 private:
  void add(std::string name, std::string_view type, std::string_view data) {
    dns::Record record;
    if (type == "A" || type == "AAAA") {
      const auto address = net::IpAddress::parse(data);
      if (!address) return;
      record.type = address->is_v4() ? dns::Type::A : dns::Type::AAAA;
      record.data = *address;
    } else if (type == "MX") {
      record.type = dns::Type::MX;
      record.data = dns::MailExchanger{10, std::string(data)};
    } else if (type == "PTR") {
      record.type = dns::Type::PTR;
      record.data = std::string(data);
    } else {
      record.type = dns::Type::TXT;
      record.data = std::vector{std::string(data)};
    }
    auto& records = records_[{std::move(name), record.type}];
    if (type != "FAIL") records.push_back(std::move(record));
  }

  std::map<std::pair<std::string, dns::Type>, std::vector<dns::Record>> records_;
};

}  // namespace mailassay::fuzz
