#include "cli/commands.h"
#include "cli/dns_stack.h"
#include "cli/story.h"
#include "config/options.h"
#include "evaluation/report.h"
#include "evaluation/spf/check_host.h"
#include "journal/event.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace mailassay::cli {

int spf(const SpfArguments& arguments) {
  if (arguments.format != "text" && arguments.format != "json")
    throw config::BadOption(fmt::format("--format: '{}' is neither text nor json", arguments.format));
  const auto ip = net::IpAddress::parse(arguments.ip);
  if (!ip) throw config::BadOption(fmt::format("--ip: '{}' is not an IPv4 or IPv6 address", arguments.ip));
  const auto source = load_dns_source(arguments.dns.servers, arguments.dns.zone, arguments.dns.overlay);

  boost::asio::io_context context(1);
  DnsStack stack(context.get_executor(), source);
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const mailassay::spf::Query query{*ip,
                                    arguments.helo,
                                    arguments.mail_from,
                                    mailassay::spf::Identity::mailfrom,
                                    "mailassay.test",
                                    std::chrono::system_clock::now()};
  mailassay::spf::Outcome outcome;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, check_host(query, stack.resolver(), {&recorder, trace::Phase::spf}, limits),
                        [&](std::exception_ptr error, mailassay::spf::Outcome result) {
                          failure = error;
                          outcome = std::move(result);
                          context.stop();
                        });
  context.run();
  if (failure) std::rethrow_exception(failure);

  if (arguments.format == "json") {
    fmt::print("{}\n", boost::json::serialize(evaluation::to_json(outcome)));
    return 0;
  }
  const Words words(language_of_environment());
  Story story(words);
  for (const auto& step : recorder.steps()) fmt::print("{}", story.tell(journal::to_json(step, "")));
  fmt::print("spf={} domain={} lookups={}/{}\n", to_string(outcome.result), outcome.domain, outcome.lookups,
             limits.spf_lookups);
  return 0;
}

}  // namespace mailassay::cli
