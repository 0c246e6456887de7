// `new` and `wait`: what a script or a CI job asks of a running server.
#include "cli/commands.h"
#include "cli/expectations.h"
#include "cli/http_client.h"
#include "cli/story.h"
#include "config/options.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

namespace mailassay::cli {
namespace {

// The server answers a long poll within this time, so that a proxy between does not give up first.
constexpr int kPollSeconds = 25;

// The token of a watch URL (".../w/TOKEN"), or the text itself.
std::string token_of(const std::string& text) {
  const auto slash = text.rfind("/w/");
  const auto token = slash == std::string::npos ? text : text.substr(slash + 3);
  const bool good = !token.empty() && token.find_first_of("/?# %") == std::string::npos;
  if (!good)
    throw config::BadOption(fmt::format("TOKEN: '{}' is no token; `mailassay new` prints one", text));
  return token;
}

}  // namespace

int make_inbox(const ServerArguments& arguments) {
  const auto answer = api_post(arguments, "/api/v1/inboxes", "{}");
  if (answer.status != 201) throw config::BadOption("the server refused: " + problem_of(answer));
  const auto inbox = boost::json::parse(answer.body).as_object();
  fmt::print("{}\n{}\n", std::string(inbox.at("address").as_string()),
             std::string(inbox.at("watch_url").as_string()));
  return 0;
}

int wait(const WaitArguments& arguments) {
  using Clock = std::chrono::steady_clock;
  const auto expectations = parse_expectations(arguments.expect);
  const auto token = token_of(arguments.token);
  const auto deadline = Clock::now() + std::chrono::seconds(arguments.timeout);
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(deadline - Clock::now()).count();
    const auto poll = std::clamp<std::int64_t>(left, 1, kPollSeconds);
    const auto answer =
        api_get(arguments.server, fmt::format("/api/v1/inboxes/{}/wait?timeout={}", token, poll), poll + 10);
    if (answer.status == 200) {
      const auto report = boost::json::parse(answer.body).as_object();
      fmt::print("{}\n", summary_line(report));
      return unmet(expectations, report) ? 1 : 0;
    }
    if (answer.status != 204) throw config::BadOption("the server refused: " + problem_of(answer));
    if (Clock::now() >= deadline) break;
  }
  std::fprintf(stderr, "mailassay: no mail was judged within %d s\n", arguments.timeout);
  return 1;
}

}  // namespace mailassay::cli
