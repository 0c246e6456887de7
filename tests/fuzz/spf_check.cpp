// A client, a sender and a zone of TXT, A, MX and PTR records out of the input's lines, judged: whatever they
// say, check_host() ends within its limits.
#include "dns/name.h"
#include "evaluation/spf/check_host.h"
#include "support/run.h"

#include <cstdint>
#include <cstdlib>
#include <map>

using namespace mailassay;

namespace {

std::string_view take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

// Lines "name TYPE data"; without a space: every name answers with an error.
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
    if (++queries > 400) std::abort();
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  spf::Query query;
  query.ip = net::IpAddress::parse(take_line(rest)).value_or(*net::IpAddress::parse("192.0.2.1"));
  query.helo = take_line(rest);
  query.mail_from = take_line(rest);
  LineResolver resolver(rest);
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto outcome = test::run(spf::check_host(query, resolver, {&recorder, trace::Phase::spf}, limits));
  if (outcome.lookups > limits.spf_lookups + 1) std::abort();
  if (outcome.void_lookups > limits.spf_void_lookups + 2) std::abort();
  if (recorder.steps().back().kind != "spf.result") std::abort();
  return 0;
}
