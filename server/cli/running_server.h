// All parts of the server, built from options and wired together: what `serve` and `demo` run.
#pragma once

#include "cli/dns_stack.h"
#include "config/options.h"
#include "net/ip_address.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailassay::cli {

class RunningServer {
 public:
  // Takes the data folder's lock, listens, and judges what an earlier run left. Throws std::runtime_error
  // with one line that names what is busy or wrong.
  RunningServer(const config::Options& options, const DnsSource& dns);
  ~RunningServer();  // stops

  // Within 10 s: no new connection, running ones are told, mails under judgement are finished or left for the
  // next start.
  void stop();
  // Reads the TLS certificate's files again.
  void reload();

  store::Inbox create_inbox(std::optional<net::IpAddress> assume_ip);
  std::string page_url() const;                     // public_url, or http:// and the bound address
  std::vector<std::string> smtp_endpoints() const;  // bound, "127.0.0.1:2525"
  std::uint16_t smtp_port() const;                  // of the first
  // What a person should know at the start, a line each: fewer connections than configured, an open page, …
  const std::vector<std::string>& notes() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace mailassay::cli
