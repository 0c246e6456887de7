// What each command takes, and the function that runs it. Each returns the exit code: 0 done and every
// expectation holds, 1 an expectation failed or nothing came in time. Bad input throws config::BadOption
// (exit 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mailassay::cli {

struct DnsArguments {
  std::vector<std::string> servers;
  std::string zone, overlay;
};

struct CheckArguments {
  std::string file;
  std::optional<std::string> ip, helo, mail_from;
  std::vector<std::string> rcpt_to;
  DnsArguments dns;
  std::optional<std::string> at;
  std::string receiver = "mailassay.test";
  std::string format = "text";
  std::vector<std::string> expect;
};
int check(const CheckArguments& arguments);

struct SpfArguments {
  std::string ip, helo, mail_from;
  DnsArguments dns;
  std::string format = "text";
};
int spf(const SpfArguments& arguments);

struct ServerArguments {
  std::string server = "http://127.0.0.1:8080";
  std::string access_key;
};
int make_inbox(const ServerArguments& arguments);

struct WaitArguments {
  ServerArguments server;
  std::string token;
  int timeout = 60;  // seconds
  std::vector<std::string> expect;
  std::optional<std::string> junit;  // the file to write the results to (cli/junit.h)
};
int wait(const WaitArguments& arguments);

struct ServeArguments {
  std::string config_file;
  // Options given as flags: key and values, as config::set takes them.
  std::vector<std::pair<std::string, std::vector<std::string>>> flags;
};
int serve(const ServeArguments& arguments);
int doctor(const std::string& config_file);

struct DemoArguments {
  std::vector<std::string> names;
};
int demo(const DemoArguments& arguments);

// Unix seconds or ISO 8601 ("2026-11-24T02:00:00Z", "+09:00", or a date alone); throws BadOption naming --at.
std::int64_t parse_time(const std::string& text);

// Reads the command line and runs what it asks.
int run(int argc, char** argv);

}  // namespace mailassay::cli
