#include "advice/reachability.h"
#include "cli/commands.h"
#include "cli/dns_stack.h"
#include "cli/server_options.h"
#include "cli/words.h"
#include "net/own_addresses.h"

#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace mailassay::cli {
namespace {

// True if something accepts connections there: `::` and `0.0.0.0` are asked on loopback.
bool answers(const std::string& address, std::uint16_t port) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket(context);
  const auto target = address == "::" ? "::1" : address == "0.0.0.0" ? "127.0.0.1" : address;
  boost::system::error_code error;
  socket.connect({boost::asio::ip::make_address(target), port}, error);
  return !error;
}

boost::json::object look(advice::Surroundings surroundings, const config::Options& options) {
  const auto source = load_dns_source(options.dns_servers, options.dns_zone, options.dns_overlay);
  boost::asio::io_context context(1);
  DnsStack stack(context.get_executor(), source);
  boost::json::object known;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, advice::reachability(std::move(surroundings), stack.resolver()),
                        [&](std::exception_ptr error, boost::json::object result) {
                          failure = error;
                          known = std::move(result);
                          context.stop();
                        });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return known;
}

void tell(std::string_view level, const std::string& line) {
  fmt::print("{:8} {}\n", level, line);
}

}  // namespace

int doctor(const std::string& config_file) {
  ServeArguments arguments;
  arguments.config_file = config_file;
  const auto options = server_options(arguments);
  advice::Surroundings surroundings;
  surroundings.domain = options.domain;
  surroundings.own_addresses = net::own_addresses();
  surroundings.observed = false;

  const Words words(language_of_environment());
  bool problem = false;
  for (const auto& [address, port, implicit_tls, proxies] : smtp_addresses(options)) {
    const auto endpoint = fmt::format("{}:{}", address, port);
    if (answers(address, port)) {
      surroundings.listening.push_back({*net::IpAddress::parse(address), port});
      tell("ok", words.text("doctor.socket_answers", {{"address", endpoint}}));
    } else {
      tell("problem", words.text("doctor.socket_silent", {{"address", endpoint}}));
      problem = true;
    }
  }
  tell(options.smtp_certificate.empty() ? "hint" : "ok",
       words.text(options.smtp_certificate.empty() ? "doctor.self_signed" : "doctor.certificate",
                  {{"file", options.smtp_certificate}}));
  const auto known = look(std::move(surroundings), options);
  for (const auto& finding : known.at("findings").as_array()) {
    const auto& facts = finding.as_object();
    const std::string level(facts.at("level").as_string());
    tell(level, words.text("doctor." + std::string(facts.at("code").as_string()), facts));
    problem = problem || level == "problem";
  }
  return problem ? 1 : 0;
}

}  // namespace mailassay::cli
