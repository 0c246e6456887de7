// {"zone", "ip", "helo", "mail_from", "receiver", "at"} → what SPF says of that client by that zone.
#include "dns/cache.h"
#include "dns/zone.h"
#include "evaluation/spf/check_host.h"
#include "judge.h"
#include "support/run.h"

#include <stdexcept>

namespace {

using namespace mailassay;
namespace json = boost::json;

spf::Outcome check(const json::object& given) {
  const auto zone = dns::Zone::parse(differential::text(given, "zone"));
  if (!zone)
    throw std::runtime_error("zone, line " + std::to_string(zone.error().line) + ": " + zone.error().message);
  spf::Query query;
  query.ip = net::IpAddress::parse(differential::text(given, "ip")).value();
  query.helo = differential::text(given, "helo");
  query.mail_from = differential::text(given, "mail_from");
  query.receiver = differential::text(given, "receiver");
  query.at = std::chrono::system_clock::from_time_t(given.at("at").as_int64());
  // As in the server: the cache lets the evaluation look ahead.
  const auto records = dns::make_zone_resolver(*zone);
  boost::asio::io_context context;
  const auto cache = dns::make_cache(context.get_executor(), *records);
  trace::Recorder recorder;
  return test::run(spf::check_host(query, *cache, {&recorder, trace::Phase::spf}, {}), context);
}

json::object judge(const json::object& given) {
  const auto outcome = check(given);
  json::object told{{"result", evaluation::to_string(outcome.result)},
                    {"matched", outcome.matched},
                    {"lookups", outcome.lookups},
                    {"void_lookups", outcome.void_lookups},
                    {"cause", outcome.cause}};
  told["explanation"] = outcome.explanation ? json::value(*outcome.explanation) : json::value(nullptr);
  return told;
}

}  // namespace

int main() {
  return mailassay::differential::judge_lines(judge);
}
