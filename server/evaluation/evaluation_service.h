// Runs one evaluation for a thread that may block (HTTP, command line): posts it to an I/O context, waits on
// a future.
#pragma once

#include "dns/resolver.h"
#include "dns/zone.h"
#include "evaluation/adviser.h"
#include "evaluation/judge_again.h"
#include "evaluation/report.h"
#include "trace/step.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace mailassay::evaluation {

// What to judge: a mail already whole, and the circumstances; no connection and no ip: from its headers.
struct Job {
  std::string mail;                      // octets; bare LF is read as CRLF and said
  std::string message_id;                // for the report
  std::optional<Connection> connection;  // as SMTP received it; ip, helo and mail_from replace its parts
  std::optional<std::string> ip;
  std::optional<std::string> helo;
  std::optional<std::string> mail_from;
  std::vector<std::string> rcpt_to;
  std::string receiver;
  std::optional<trace::TimePoint> at;
  // Judged by this zone as the whole DNS, or by this overlay over the live one; at most one is set.
  std::shared_ptr<const dns::Zone> zone;
  std::shared_ptr<const dns::Zone> overlay;
  bool fresh = false;  // past our cache, and beside it what resolvers still hold
};

struct Judged {
  Report report;
  std::vector<trace::Step> steps;
  std::vector<Held> held{};  // of a fresh job
};

// Builds the connection of a job (from its fields or from headers) and evaluates it.
boost::asio::awaitable<Judged> judge(Job job, dns::Resolver& resolver, const Adviser* adviser = nullptr);
// The same past the cache.
boost::asio::awaitable<Judged> judge_fresh(Job job, MakeFreshDns make, const Adviser* adviser = nullptr);

class EvaluationService {
 public:
  // resolver is used on context's thread alone.
  EvaluationService(boost::asio::io_context& context, dns::Resolver& resolver,
                    const Adviser* adviser = nullptr);
  // How a fresh job sees the DNS; without it, as every other.
  void set_fresh_dns(MakeFreshDns make) { make_fresh_dns_ = std::move(make); }
  // Blocks up to `deadline`; nothing if it passed, and the evaluation is cancelled. Throws
  // std::invalid_argument for an ip that is none.
  std::optional<Judged> run(Job job, std::chrono::milliseconds deadline);

 private:
  boost::asio::io_context& context_;
  dns::Resolver& resolver_;
  MakeFreshDns make_fresh_dns_;
  const Adviser* adviser_;
};

}  // namespace mailassay::evaluation
