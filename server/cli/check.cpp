#include "advice/adviser.h"
#include "cli/commands.h"
#include "cli/dns_stack.h"
#include "cli/expectations.h"
#include "cli/story.h"
#include "config/options.h"
#include "evaluation/evaluation_service.h"
#include "journal/event.h"
#include "net/ip_address.h"

#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace mailassay::cli {
namespace {

evaluation::Judged judge_now(evaluation::Job job, const DnsArguments& dns) {
  const auto source = load_dns_source(dns.servers, dns.zone, dns.overlay);
  boost::asio::io_context context(1);
  DnsStack stack(context.get_executor(), source);
  const advice::Adviser adviser;
  std::optional<evaluation::Judged> judged;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, evaluation::judge(std::move(job), stack.resolver(), &adviser),
                        [&](std::exception_ptr error, evaluation::Judged result) {
                          failure = error;
                          judged = std::move(result);
                          context.stop();
                        });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*judged);
}

evaluation::Job job_of(const CheckArguments& arguments) {
  if (arguments.ip && !net::IpAddress::parse(*arguments.ip))
    throw config::BadOption(fmt::format("--ip: '{}' is not an IPv4 or IPv6 address", *arguments.ip));
  evaluation::Job job;
  job.ip = arguments.ip;
  job.helo = arguments.helo;
  job.mail_from = arguments.mail_from;
  job.rcpt_to = arguments.rcpt_to;
  job.receiver = arguments.receiver;
  if (arguments.at) job.at = trace::TimePoint(std::chrono::seconds(parse_time(*arguments.at)));
  job.mail = read_input(arguments.file);
  return job;
}

void print_story(const evaluation::Judged& judged) {
  const Words words(language_of_environment());
  Story story(words);
  for (const auto& step : judged.steps)
    std::fputs(story.tell(journal::to_json(step, judged.report.message.id)).c_str(), stdout);
}

}  // namespace

int check(const CheckArguments& arguments) {
  const auto& format = arguments.format;
  if (format != "text" && format != "json" && format != "events" && format != "authres")
    throw config::BadOption(fmt::format("--format: '{}' is not one of text, json, events, authres", format));
  const auto expectations = parse_expectations(arguments.expect);
  const auto judged = judge_now(job_of(arguments), arguments.dns);
  const auto report = evaluation::to_json(judged.report);

  if (format == "json") {
    fmt::print("{}\n", boost::json::serialize(report));
  } else if (format == "authres") {
    fmt::print("Authentication-Results: {}\n", judged.report.authentication_results);
  } else if (format == "events") {
    for (const auto& step : judged.steps)
      fmt::print("{}\n", boost::json::serialize(journal::to_json(step, judged.report.message.id)));
  } else {
    print_story(judged);
    fmt::print("{}\n", summary_line(report));
  }
  return unmet(expectations, report) ? 1 : 0;
}

}  // namespace mailassay::cli
