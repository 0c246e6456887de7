#include "cli/commands.h"
#include "config/options.h"

#include <cstdio>
#include <exception>
#include <functional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace mailassay::cli {
namespace {

// A list option that takes one value each time it is given, so that it never swallows what follows.
CLI::Option* repeated(CLI::App* app, const std::string& name, std::vector<std::string>& values,
                      const std::string& help) {
  return app->add_option(name, values, help)->allow_extra_args(false);
}

void declare_dns(CLI::App* app, DnsArguments& dns) {
  repeated(app, "--dns", dns.servers, "Resolver to ask, ADDR:PORT (default: the system's)");
  app->add_option("--zone", dns.zone, "Zone file that is the whole DNS");
  app->add_option("--overlay", dns.overlay, "Zone file whose records replace live ones");
}

void declare_server(CLI::App* app, ServerArguments& arguments) {
  app->add_option("--server", arguments.server, "The server's address")->capture_default_str();
  app->add_option("--access-key", arguments.access_key, "Its http.access_key")
      ->envname("MAILASSAY_HTTP_ACCESS_KEY");
}

class CommandLine {
 public:
  CommandLine() {
    app_.require_subcommand(0, 1);  // run() says what is missing: an unknown word is named then
    app_.set_version_flag("--version", std::string("mailassay ") + MAILASSAY_VERSION);
    declare_serve();
    declare_check();
    declare_spf();
    declare_clients();
    declare_others();
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app_.exit(error);
      return refuse(error.what());
    }
    if (!command_)
      return refuse("name a subcommand: serve, check, spf, new, wait, doctor or demo (see --help)");
    try {
      return command_();
    } catch (const config::BadOption& error) {
      return refuse(error.what());
    }
  }

 private:
  static int refuse(const std::string& line) {
    std::fprintf(stderr, "mailassay: %s\n", line.c_str());
    return 2;
  }

  CLI::App* add(const std::string& name, const std::string& help, std::function<int()> command) {
    auto* sub = app_.add_subcommand(name, help);
    sub->callback([this, command] { command_ = command; });
    return sub;
  }

  void declare_serve() {
    auto* sub = add("serve", "Receive, judge, show", [this] {
      serve_.flags = given_;
      return serve(serve_);
    });
    sub->add_option("--config", serve_.config_file, "TOML file (config/mailassay.toml lists every option)");
    flag(sub, "--domain", "domain", "The domain that receives");
    flag(sub, "--smtp", "smtp.listen", "ADDR:PORT of SMTP, repeatable", true);
    flag(sub, "--smtps", "smtp.listen_tls", "ADDR:PORT of SMTP with implicit TLS, repeatable", true);
    flag(sub, "--http", "http.listen", "ADDR:PORT of page and API");
    flag(sub, "--public-url", "http.public_url", "How browsers reach the page");
    flag(sub, "--data", "data", "Folder of the database");
    flag(sub, "--dns", "dns.servers", "Resolver to ask, ADDR:PORT, repeatable", true);
    flag(sub, "--zone", "dns.zone", "Zone file that is the whole DNS");
    flag(sub, "--overlay", "dns.overlay", "Zone file whose records replace live ones");
  }

  // A flag that stands for a configuration key.
  void flag(CLI::App* sub, const std::string& name, const std::string& key, const std::string& help,
            bool repeatable = false) {
    auto* option = sub->add_option_function<std::vector<std::string>>(
        name, [this, key](const std::vector<std::string>& values) { given_.emplace_back(key, values); },
        help);
    option->allow_extra_args(false);
    if (!repeatable) option->expected(1);
  }

  void declare_check() {
    auto* sub = add("check", "Judge a mail in a file", [this] { return check(check_); });
    sub->add_option("FILE", check_.file, "The mail, - for standard input")->required();
    sub->add_option("--ip", check_.ip,
                    "The client's address; without it, all is taken from the mail's header");
    sub->add_option("--helo", check_.helo, "What it said in EHLO");
    sub->add_option("--mail-from", check_.mail_from, "The reverse-path; '' is the null one");
    repeated(sub, "--rcpt-to", check_.rcpt_to, "A forward-path");
    declare_dns(sub, check_.dns);
    sub->add_option("--at", check_.at, "Judge as of this time: Unix seconds or ISO 8601");
    sub->add_option("--receiver", check_.receiver, "Our name, the authserv-id")->capture_default_str();
    sub->add_option("--format", check_.format, "text, json, events or authres")->capture_default_str();
    repeated(sub, "--expect", check_.expect, "PATH=VALUE of the report, such as dmarc=pass");
  }

  void declare_spf() {
    auto* sub = add("spf", "Ask SPF alone", [this] { return spf(spf_); });
    sub->add_option("--ip", spf_.ip, "The client's address")->required();
    sub->add_option("--helo", spf_.helo, "What it said in EHLO")->required();
    sub->add_option("--mail-from", spf_.mail_from, "The reverse-path; '' is the null one")->required();
    declare_dns(sub, spf_.dns);
    sub->add_option("--format", spf_.format, "text or json")->capture_default_str();
  }

  void declare_clients() {
    declare_server(
        add("new", "Make an address on a running server", [this] { return make_inbox(wait_.server); }),
        wait_.server);
    auto* sub = add("wait", "Wait for an inbox's first verdict", [this] { return wait(wait_); });
    sub->add_option("TOKEN", wait_.token, "The inbox's token, or its watch URL")->required();
    declare_server(sub, wait_.server);
    sub->add_option("--timeout", wait_.timeout, "Seconds")
        ->capture_default_str()
        ->check(CLI::Range(1, 86400));
    repeated(sub, "--expect", wait_.expect, "PATH=VALUE of the report, such as dmarc=pass");
    sub->add_option(
        "--junit", wait_.junit,
        "Write the results to this file as JUnit XML: a test case a --expect, and one for the mail");
  }

  void declare_others() {
    auto* sub = add("doctor", "What stands between the internet and this server",
                    [this] { return doctor(doctor_config_); });
    sub->add_option("--config", doctor_config_, "The server's TOML file");
    auto* demo_command =
        add("demo", "Play scenarios through real SMTP, offline", [this] { return demo(demo_); });
    demo_command->add_option("NAME", demo_.names, "Scenarios (default: the Amazon SES ones)");
  }

  CLI::App app_{"Mailassay: watch how a receiver judges your mail"};
  std::function<int()> command_;
  std::vector<std::pair<std::string, std::vector<std::string>>> given_;
  ServeArguments serve_;
  CheckArguments check_;
  SpfArguments spf_;
  WaitArguments wait_;
  std::string doctor_config_;
  DemoArguments demo_;
};

}  // namespace

int run(int argc, char** argv) {
  try {
    return CommandLine().run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mailassay: %s\n", error.what());
    return 2;
  }
}

}  // namespace mailassay::cli
