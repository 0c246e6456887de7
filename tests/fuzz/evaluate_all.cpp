// The whole evaluation, with what is advised: three lines with IP (none: from the headers), HELO and MAIL
// FROM, a zone file up to a line "%%", and a mail. Whatever they say there is one verdict, in the words of
// the RFCs, within bounded work, and all that is told of it can be stored, read and shown.
#include "advice/adviser.h"
#include "dns/cache.h"
#include "dns/zone.h"
#include "evaluation/evaluation_service.h"
#include "fuzz/lines.h"
#include "support/run.h"
#include "trace/codec.h"

#include <cstdint>

using namespace mailassay;
using fuzz::require;

namespace {

// The zone's answers without its delays, counted.
class Counting final : public dns::Resolver {
 public:
  explicit Counting(std::shared_ptr<const dns::Zone> zone) : zone_(std::move(zone)) {}
  boost::asio::awaitable<dns::AnswerPtr> query(std::string name, dns::Type type) override {
    ++queries;
    co_return std::make_shared<const dns::Answer>(zone_->answer(name, type));
  }
  int queries = 0;

 private:
  std::shared_ptr<const dns::Zone> zone_;
};

std::string_view take_zone(std::string_view& rest) {
  constexpr std::string_view kMark = "\n%%\n";
  const auto end = rest.find(kMark);
  if (end == std::string_view::npos) return {};
  const auto zone = rest.substr(0, end + 1);
  rest.remove_prefix(end + kMark.size());
  return zone;
}

std::shared_ptr<const dns::Zone> zone_of(std::string_view text) {
  auto zone = dns::Zone::parse(text);
  return zone ? *zone : *dns::Zone::parse("");
}

// No line end but a fold's.
bool is_folded(std::string_view field) {
  for (std::size_t at = 0; at < field.size(); ++at) {
    if (field[at] != '\r' && field[at] != '\n') continue;
    if (field.substr(at, 3) != "\r\n\t") return false;
    at += 2;
  }
  return true;
}

void check_steps(const std::vector<trace::Step>& steps) {
  require(!steps.empty() && steps.back().kind == "verdict");
  std::vector<trace::BatchNumber> parents;
  std::size_t verdicts = 0;
  for (const auto& step : steps) {
    require(step.number == parents.size() + 1 && step.parent < step.number);
    parents.push_back(step.parent);
    verdicts += step.kind == "verdict" ? 1 : 0;
  }
  require(verdicts == 1);
  std::string blob;
  trace::Batch(steps).write(parents, 1, &blob);
  const auto stored = trace::decode(blob, 1);
  require(stored && stored->size() == steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    require((*stored)[i].parent == steps[i].parent && (*stored)[i].kind == steps[i].kind);
    require(!boost::json::serialize((*stored)[i].data).empty());
  }
}

void check_report(const evaluation::Report& report) {
  require(is_folded(report.authentication_results));
  const auto text = boost::json::serialize(evaluation::to_json(report));
  const auto read = boost::json::parse(text);  // throws for text that is no JSON
  require(read.at("schema") == 1 && read.at("dmarc").is_object());
  const auto word = boost::json::value_to<std::string>(read.at("dmarc").at("result"));
  require(word == "none" || word == "pass" || word == "fail" || word == "temperror" || word == "permerror");
  // A pass needs an identifier that passed.
  if (word != "pass") return;
  bool passed = report.spf && report.spf->result == evaluation::Result::pass;
  for (const auto& signature : *report.dkim) passed = passed || signature.result == evaluation::Result::pass;
  require(passed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  evaluation::Job job;
  const std::string ip(fuzz::take_line(rest));
  if (net::IpAddress::parse(ip)) job.ip = ip;
  job.helo = fuzz::take_line(rest);
  job.mail_from = fuzz::take_line(rest);
  if (!job.ip) job.helo = job.mail_from = std::nullopt;
  Counting dns(zone_of(take_zone(rest)));
  job.mail = rest;
  job.receiver = "receiver.example";
  job.at = std::chrono::system_clock::from_time_t(1700000000);
  boost::asio::io_context context(1);
  const auto cache = dns::make_cache(context.get_executor(), dns);
  const advice::Adviser adviser;
  const auto judged = test::run(evaluation::judge(std::move(job), *cache, &adviser), context);
  check_steps(judged.steps);
  check_report(judged.report);
  require(dns.queries <= 1000);
  return 0;
}
