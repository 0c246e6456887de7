#include "cli/commands.h"
#include "cli/expectations.h"
#include "cli/http_client.h"
#include "cli/running_server.h"
#include "cli/smtp_client.h"
#include "cli/story.h"
#include "config/options.h"
#include "scenario/library.h"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <httplib.h>
#include <spdlog/spdlog.h>

namespace mailassay::cli {
namespace {

const std::vector<std::string> kAmazonSes{"ses-default", "ses-custom-mail-from", "ses-email-identity",
                                          "ses-fallback"};

// A folder of its own for a server that lives for one scenario.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "mailassay-demo-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("cannot make a folder in " + pattern);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

config::Options demo_options(const std::string& folder) {
  config::Options options;
  options.data = folder;
  options.threads = 1;
  options.smtp_listen = {"127.0.0.1:0"};
  options.http_listen = "127.0.0.1:0";
  config::validate(options);
  return options;
}

scenario::Scenario load(const std::string& name, const std::string& language) {
  if (auto scenario = scenario::load(name, language)) return *scenario;
  throw config::BadOption(
      fmt::format("NAME: there is no scenario '{}'; there are {}", name, fmt::join(scenario::names(), ", ")));
}

// Prints the steps of the stream as they come, up to the verdict.
void follow(const std::string& url, const std::string& token, Story& story) {
  httplib::Client client(url);
  client.set_read_timeout(30);
  std::string pending;
  bool ended = false;
  client.Get("/api/v1/inboxes/" + token + "/events", [&](const char* octets, std::size_t size) {
    pending.append(octets, size);
    for (auto end = pending.find("\n\n"); !ended && end != std::string::npos; end = pending.find("\n\n")) {
      const auto event = pending.substr(0, end);
      pending.erase(0, end + 2);
      const auto data = event.find("data: ");
      if (data == std::string::npos) continue;
      fmt::print("{}", story.tell(boost::json::parse(event.substr(data + 6)).as_object()));
      std::fflush(stdout);
      ended = event.find("event: verdict") != std::string::npos;
    }
    return !ended;
  });
  if (!ended) throw std::runtime_error("the stream of steps ended before the verdict");
}

// One scenario, through a server of its own whose DNS is the scenario's zone. True if all came as told.
bool play(const scenario::Scenario& scenario, const Words& words) {
  const TemporaryFolder folder;
  const auto options = demo_options(folder.path());
  // The zone needs the keys, the mail needs the address: the signed header fields hold a recipient of their
  // own.
  const auto prepared = scenario::prepare(scenario, scenario::Library::kRecipient);
  DnsSource dns;
  const auto zone = dns::Zone::parse(prepared.zone);
  if (!zone)
    throw std::runtime_error(
        fmt::format("{} zone line {}: {}", scenario.name, zone.error().line, zone.error().message));
  dns.zone = *zone;

  RunningServer server(options, dns);
  const auto inbox = server.create_inbox(net::IpAddress::parse(scenario.ip));
  fmt::print("\n=== {}: {}\n{}\n", scenario.name, scenario.title, scenario.lesson);
  send_mail("127.0.0.1", server.smtp_port(),
            {scenario.helo, scenario.mail_from, inbox.local_part + "@" + options.domain, prepared.mail});
  Story story(words);
  follow(server.page_url(), inbox.token, story);

  const auto answer =
      api_get({server.page_url(), ""}, "/api/v1/inboxes/" + inbox.token + "/wait?timeout=10", 20);
  if (answer.status != 200) throw std::runtime_error("no report: " + problem_of(answer));
  const auto report = boost::json::parse(answer.body).as_object();
  fmt::print("\n{} {}\n", scenario.name, summary_line(report));
  std::fflush(stdout);
  return !unmet(parse_expectations(scenario.expect), report);
}

}  // namespace

int demo(const DemoArguments& arguments) {
  spdlog::set_level(spdlog::level::warn);
  const auto language = language_of_environment();
  const Words words(language);
  std::vector<scenario::Scenario> scenarios;
  for (const auto& name : arguments.names.empty() ? kAmazonSes : arguments.names)
    scenarios.push_back(load(name, language));
  bool all = true;
  for (const auto& scenario : scenarios) all = play(scenario, words) && all;
  return all ? 0 : 1;
}

}  // namespace mailassay::cli
