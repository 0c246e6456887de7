// `new` and `wait`: what a script or a CI job asks of a running server.
#include "cli/commands.h"
#include "cli/expectations.h"
#include "cli/http_client.h"
#include "cli/junit.h"
#include "cli/story.h"
#include "config/options.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <optional>

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

// The report of one long poll after another, nothing when the time is over. Throws what the server's refusal
// is.
std::optional<boost::json::object> ask_until_judged(const WaitArguments& arguments,
                                                    const std::string& token) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::seconds(arguments.timeout);
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(deadline - Clock::now()).count();
    const auto seconds = std::clamp<std::int64_t>(left, 1, kPollSeconds);
    const auto path = fmt::format("/api/v1/inboxes/{}/wait?timeout={}", token, seconds);
    const auto answer = api_get(arguments.server, path, static_cast<int>(seconds) + 10);
    if (answer.status == 200) return boost::json::parse(answer.body).as_object();
    if (answer.status != 204) throw config::BadOption("the server refused: " + problem_of(answer));
    if (Clock::now() >= deadline) return std::nullopt;
  }
}

Waited wait_for_report(const WaitArguments& arguments, const std::string& token) {
  Waited waited;
  waited.started = std::chrono::system_clock::now();
  const auto begin = std::chrono::steady_clock::now();
  try {
    waited.report = ask_until_judged(arguments, token);
    if (!waited.report) waited.why_not = fmt::format("no mail was judged within {} s", arguments.timeout);
  } catch (const std::exception& error) {
    waited.refused = true;
    waited.why_not = error.what();
  }
  waited.took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  return waited;
}

// Prints what came, or that nothing did; the exit code.
int tell(const Waited& waited, const std::vector<evaluation::Expectation>& expectations) {
  if (!waited.report) {
    std::fprintf(stderr, "mailassay: %s\n", waited.why_not.c_str());
    return 1;
  }
  fmt::print("{}\n", summary_line(*waited.report));
  return unmet(expectations, *waited.report) ? 1 : 0;
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
  const auto expectations = parse_expectations(arguments.expect);
  const auto token = token_of(arguments.token);
  std::optional<JunitFile> junit;
  if (arguments.junit) junit.emplace(*arguments.junit);
  const auto waited = wait_for_report(arguments, token);
  const int code = waited.refused ? 2 : tell(waited, expectations);
  if (junit) junit->write(to_junit(waited, expectations));
  if (waited.refused) throw config::BadOption(waited.why_not);
  return code;
}

}  // namespace mailassay::cli
