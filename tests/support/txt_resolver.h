// A DNS of TXT records for tests: other names are NXDOMAIN, answers are kept as a cache would.
#pragma once

#include "dns/name.h"
#include "dns/resolver.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mailassay::test {

class TxtResolver final : public dns::Resolver {
 public:
  // One more record of that name, in as many strings as given.
  void add(const std::string& name, std::vector<std::string> strings) {
    auto& answer = entry(name);
    answer.status = dns::Status::records;
    dns::Record record;
    record.owner = name;
    record.type = dns::Type::TXT;
    record.data = std::move(strings);
    answer.records.push_back(std::move(record));
  }
  void add(const std::string& name, const std::string& text) { add(name, std::vector<std::string>{text}); }
  void answer_with(const std::string& name, dns::Status status) { entry(name).status = status; }

  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override {
    asked.push_back(name);
    if (const auto found = answers_.find(dns::lower(name)); found != answers_.end() && type == dns::Type::TXT)
      co_return found->second;
    auto answer = std::make_shared<dns::Answer>();
    answer->name = name;
    answer->type = type;
    answer->status = dns::Status::nxdomain;
    co_return answer;
  }
  void prefetch(std::string name, dns::Type) override { prefetched.push_back(std::move(name)); }

  std::vector<std::string> asked;
  std::vector<std::string> prefetched;

 private:
  dns::Answer& entry(const std::string& name) {
    auto& answer = answers_[dns::lower(name)];
    if (!answer) answer = std::make_shared<dns::Answer>();
    answer->name = name;
    answer->type = dns::Type::TXT;
    return *answer;
  }
  std::map<std::string, std::shared_ptr<dns::Answer>> answers_;
};

}  // namespace mailassay::test
