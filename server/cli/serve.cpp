#include "cli/commands.h"
#include "cli/dns_stack.h"
#include "cli/running_server.h"
#include "cli/server_options.h"

#include <csignal>
#include <cstdio>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mailassay::cli {
namespace {

// Blocked before any thread is made, so that only wait_for_signal sees them.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a failed write, not our end
  return signals;
}

// What a person who just started the server needs: where to look, where to send, and a line to try.
void print_welcome(RunningServer& server, const config::Options& options) {
  const auto url = server.page_url();
  fmt::print("Page   {}\n", url);
  for (const auto& endpoint : server.smtp_endpoints())
    fmt::print("SMTP   {} for {}\n", endpoint, options.domain);
  for (const auto& note : server.notes()) fmt::print("Note   {}\n", note);
  if (is_local_alone(options)) {
    const auto inbox = server.create_inbox({});
    const auto address = inbox.local_part + "@" + options.domain;
    fmt::print(
        "\nSend a mail to {}\nand watch {}/w/{}\nTry    swaks --server {} --from you@example.com --to {}\n",
        address, url, inbox.token, server.smtp_endpoints().front(), address);
  }
  std::fflush(stdout);
}

}  // namespace

int serve(const ServeArguments& arguments) {
  const auto options = server_options(arguments);
  spdlog::set_level(spdlog::level::from_str(options.log_level));
  const auto signals = block_signals();
  auto dns = load_dns_source(options.dns_servers, options.dns_zone, options.dns_overlay);
  dns.timeout = std::chrono::milliseconds(options.dns_timeout_ms);
  RunningServer server(options, dns);
  print_welcome(server, options);
  while (true) {
    int number = 0;
    sigwait(&signals, &number);
    if (number != SIGHUP) break;
    server.reload();
  }
  server.stop();
  return 0;
}

}  // namespace mailassay::cli
