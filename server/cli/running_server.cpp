#include "cli/running_server.h"

#include "advice/adviser.h"
#include "advice/reachability.h"
#include "cli/server_options.h"
#include "evaluation/evaluation_service.h"
#include "http/server.h"
#include "intake/handler.h"
#include "intake/inboxes.h"
#include "intake/resume.h"
#include "intake/running.h"
#include "journal/hub.h"
#include "net/own_addresses.h"
#include "smtp/listener.h"
#include "trace/json.h"

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <sys/resource.h>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mailassay::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kGrace = 3s;        // for SMTP sessions, when the server stops
constexpr auto kPatience = 6s;     // for all of it: SIGTERM ends the server within 10 s
constexpr auto kSweepPause = 60s;  // between two looks for expired inboxes
constexpr auto kProbePatience = 2s;
constexpr auto kProbeValid = 5s;
constexpr auto kLookPatience = 8s;  // for the DNS about our own domain

// One I/O context with its thread, its resolver and its cache, so that the hot path takes no locks.
class Worker {
 public:
  explicit Worker(const DnsSource& dns)
      : context_(1), guard_(context_.get_executor()), dns_(context_.get_executor(), dns) {}
  ~Worker() { join(); }

  void start() {
    thread_ = std::thread([this] { context_.run(); });
  }
  void join() {
    guard_.reset();
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }
  boost::asio::io_context& context() { return context_; }
  dns::Resolver& resolver() { return dns_.resolver(); }
  evaluation::FreshDns fresh_dns() { return dns_.fresh(); }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  DnsStack dns_;
  std::thread thread_;
};

std::size_t thread_count(const config::Options& options) {
  if (options.threads > 0) return static_cast<std::size_t>(options.threads);
  return std::max(2U, std::thread::hardware_concurrency()) - 1;
}

std::string endpoint_text(const boost::asio::ip::tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  return fmt::format("{}:{}", endpoint.address().is_v6() ? "[" + address + "]" : address, endpoint.port());
}

}  // namespace

struct RunningServer::Parts {
  Parts(const config::Options& chosen, const DnsSource& dns);
  ~Parts() { stop(); }

  void raise_file_limit();
  void start_smtp();
  void start_http();
  void keep_sweeping();
  std::optional<boost::json::object> look_around();
  std::string metrics();
  std::string unready();
  void stop();

  config::Options options;
  std::vector<std::string> notes;
  std::unique_ptr<store::Store> store;
  journal::Hub hub;
  std::unique_ptr<intake::Inboxes> inboxes;
  intake::Running running;
  const advice::Adviser adviser;
  smtp::Activity activity;
  Worker aside;  // judges what HTTP asks, sweeps, looks around: never in SMTP's way
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::unique_ptr<intake::HandlerFactory>> factories;
  std::unique_ptr<smtp::Server> smtp;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;
  evaluation::EvaluationService evaluations;
  std::atomic<bool> listening = false;
  enum class Disk { writes, fails, late };
  std::atomic<Disk> disk = Disk::writes;  // as it was found last
  std::mutex probing;
  std::chrono::steady_clock::time_point probe_again;  // under it
  std::unique_ptr<http::Server> http;                 // its threads use what stands above
  bool stopped = false;
};

RunningServer::Parts::Parts(const config::Options& chosen, const DnsSource& dns)
    : options(chosen),
      store(store::open_sqlite_store(chosen.data)),
      aside(dns),
      evaluations(aside.context(), aside.resolver(), &adviser) {
  evaluations.set_fresh_dns([this] { return aside.fresh_dns(); });
  raise_file_limit();
  store->watch([this](store::InboxId inbox, store::JournalNumber last) { hub.grown(inbox, last); });
  inboxes = std::make_unique<intake::Inboxes>(*store, std::chrono::hours(24 * options.inbox_days));
  inboxes->on_gone([this](store::InboxId inbox) { hub.gone(inbox); });
  intake::Limits limits;
  limits.mails_per_inbox = static_cast<std::size_t>(options.inbox_max_mails);
  for (std::size_t i = 0; i < thread_count(options); ++i) {
    auto& worker = *workers.emplace_back(std::make_unique<Worker>(dns));
    const intake::Reception reception{{options.domain},  options.host(), *store, *inboxes,
                                      worker.resolver(), running,        limits, &adviser};
    factories.push_back(std::make_unique<intake::HandlerFactory>(reception));
    if (i == 0) intake::resume(worker.context().get_executor(), reception);
  }
  start_smtp();
  start_http();
  for (auto& worker : workers) worker->start();
  aside.start();
  keep_sweeping();
  listening = true;
}

// Each connection and each viewer is an open file.
void RunningServer::Parts::raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void RunningServer::Parts::start_smtp() {
  std::vector<boost::asio::io_context*> contexts;
  std::vector<smtp::HandlerFactory*> handlers;
  for (auto& worker : workers) contexts.push_back(&worker->context());
  for (auto& factory : factories) handlers.push_back(factory.get());
  smtp = std::make_unique<smtp::Server>(smtp_options(options), contexts, handlers, activity);
  for (const auto& address : smtp_addresses(options)) endpoints.push_back(smtp->listen(address));
  if (const auto wanted = static_cast<std::size_t>(options.smtp_max_connections);
      smtp->max_connections() < wanted)
    notes.push_back(
        fmt::format("at most {} SMTP connections instead of {}: the limit of open files is lower (ulimit -n)",
                    smtp->max_connections(), wanted));
}

void RunningServer::Parts::start_http() {
  const auto http_settings = http_options(options);
  http::Services services{*inboxes,
                          *store,
                          hub,
                          [this](evaluation::Job job, std::chrono::milliseconds deadline) {
                            return evaluations.run(std::move(job), deadline);
                          },
                          [this] { return look_around(); },
                          [this] { return metrics(); },
                          [this] { return listening.load(); },
                          [this] { return unready(); }};
  http = std::make_unique<http::Server>(http_settings, std::move(services));
  http->start();
  const auto address = net::IpAddress::parse(http_settings.address);
  if (options.http_access_key.empty() && address && address->special_purpose() != "loopback")
    notes.push_back("the page is open to whoever reaches " + options.http_listen +
                    "; set http.access_key to lock it");
}

void RunningServer::Parts::keep_sweeping() {
  boost::asio::co_spawn(
      aside.context(),
      [this]() -> boost::asio::awaitable<void> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
        while (true) {
          inboxes->sweep();
          timer.expires_after(kSweepPause);
          co_await timer.async_wait(boost::asio::use_awaitable);
        }
      },
      boost::asio::detached);
}

std::optional<boost::json::object> RunningServer::Parts::look_around() {
  advice::Surroundings surroundings;
  surroundings.domain = options.domain;
  surroundings.own_addresses = net::own_addresses();
  for (const auto& endpoint : endpoints)
    surroundings.listening.push_back(
        {*net::IpAddress::parse(endpoint.address().to_string()), endpoint.port()});
  const auto seen = activity.snapshot();
  if (seen.last_from_outside) surroundings.last_outside_at = trace::to_rfc3339(*seen.last_from_outside);
  if (seen.last_outside_peer) surroundings.last_outside_ip = advice::masked(*seen.last_outside_peer);
  for (auto refusal = seen.refusals.rbegin(); refusal != seen.refusals.rend(); ++refusal)
    surroundings.refused.push_back(
        {trace::to_rfc3339(refusal->at), advice::masked(refusal->peer), refusal->code, refusal->text});
  auto future =
      boost::asio::co_spawn(aside.context(), advice::reachability(std::move(surroundings), aside.resolver()),
                            boost::asio::use_future);
  if (future.wait_for(kLookPatience) != std::future_status::ready) return std::nullopt;
  return future.get();
}

std::string RunningServer::Parts::metrics() {
  const auto seen = activity.snapshot();
  return fmt::format(
      "# TYPE mailassay_smtp_connections_total counter\nmailassay_smtp_connections_total {}\n"
      "# TYPE mailassay_smtp_connections gauge\nmailassay_smtp_connections {}\n"
      "# TYPE mailassay_smtp_mails_total counter\nmailassay_smtp_mails_total {}\n"
      "# TYPE mailassay_smtp_refused_total counter\nmailassay_smtp_refused_total {}\n"
      "# TYPE mailassay_evaluations_running gauge\nmailassay_evaluations_running {}\n",
      seen.connections, smtp->connections(), seen.mails, seen.refused, running.count());
}

// Asks the disk itself, so a server that could not write for a while is found ready again without a mail; at
// most once a few seconds and one at a time, since whoever may ask makes the disk work.
std::string RunningServer::Parts::unready() {
  if (!listening) return "SMTP does not listen";
  const std::unique_lock lock(probing, std::try_to_lock);
  if (lock && std::chrono::steady_clock::now() >= probe_again) {
    const auto written = std::make_shared<std::promise<bool>>();
    store->probe([written](bool ok) { written->set_value(ok); });
    auto future = written->get_future();
    const bool late = future.wait_for(kProbePatience) != std::future_status::ready;
    disk = late ? Disk::late : future.get() ? Disk::writes : Disk::fails;
    probe_again = std::chrono::steady_clock::now() + kProbeValid;
  }
  switch (disk.load()) {
    case Disk::writes:
      return {};
    case Disk::fails:
      return "the store cannot write: see the server's log, and whether its disk is full";
    case Disk::late:
      return "the store has not written for two seconds: its disk is slow, or more comes than it can take";
  }
  return {};
}

void RunningServer::Parts::stop() {
  if (std::exchange(stopped, true)) return;
  listening = false;
  if (smtp) smtp->stop(kGrace);
  if (http) http->stop();
  if (smtp) smtp->wait_stopped(kPatience);
  running.wait_for_none(kPatience - kGrace);
  store->flush();
  for (auto& worker : workers) worker->join();
  aside.join();
}

RunningServer::RunningServer(const config::Options& options, const DnsSource& dns)
    : parts_(std::make_unique<Parts>(options, dns)) {}

RunningServer::~RunningServer() = default;

void RunningServer::stop() {
  parts_->stop();
}

void RunningServer::reload() {
  try {
    parts_->smtp->reload_tls();
    spdlog::info("the certificate was read again");
  } catch (const std::exception& error) {
    spdlog::error("the certificate stays as it was: {}", error.what());
  }
}

store::Inbox RunningServer::create_inbox(std::optional<net::IpAddress> assume_ip) {
  return parts_->inboxes->create(assume_ip);
}

std::string RunningServer::page_url() const {
  if (!parts_->options.http_public_url.empty()) return parts_->options.http_public_url;
  const auto address = config::parse_endpoint("http.listen", parts_->options.http_listen).address;
  const bool v6 = address.find(':') != std::string::npos;
  return fmt::format("http://{}:{}", v6 ? "[" + address + "]" : address, parts_->http->port());
}

std::vector<std::string> RunningServer::smtp_endpoints() const {
  std::vector<std::string> texts;
  for (const auto& endpoint : parts_->endpoints) texts.push_back(endpoint_text(endpoint));
  return texts;
}

std::uint16_t RunningServer::smtp_port() const {
  return parts_->endpoints.front().port();
}

const std::vector<std::string>& RunningServer::notes() const {
  return parts_->notes;
}

}  // namespace mailassay::cli
