#include "http/server.h"

#include "http/access.h"
#include "http/api.h"
#include "http/counters.h"
#include "http/pages.h"
#include "http/problem.h"
#include "http/router.h"
#include "http/transport.h"

#include <signal.h>
#include <thread>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace mailassay::http {
namespace {

constexpr const char* kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
constexpr const char* kLoginPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

// Browsers heed an opener policy on https and loopback alone, and complain of it elsewhere.
bool heeds_opener_policy(const httplib::Request& request) {
  if (request.get_header_value("X-Forwarded-Proto") == "https") return true;
  const std::string host = request.get_header_value("Host");
  return host.starts_with("localhost") || host.starts_with("127.") || host.starts_with("[::1]");
}

// Endpoints may have set their own; what they did not say is said here, for errors too.
void add_security_headers(const httplib::Request& request, httplib::Response& response) {
  const auto set = [&](const char* name, const char* value) {
    if (!response.has_header(name)) response.set_header(name, value);
  };
  const bool login = request.path == "/login";
  set("Content-Security-Policy", login ? kLoginPolicy : kPagePolicy);
  // The form needs an Origin, which no-referrer would make "null"; its path is no secret.
  set("Referrer-Policy", login ? "same-origin" : "no-referrer");
  set("X-Content-Type-Options", "nosniff");
  set("X-Frame-Options", "DENY");
  if (heeds_opener_policy(request)) set("Cross-Origin-Opener-Policy", "same-origin");
  set("Cross-Origin-Resource-Policy", "same-origin");
  set("Cache-Control", "no-store");
}

bool is_loopback(const std::string& address) {
  const auto ip = net::IpAddress::parse(address);
  return ip && ip->special_purpose() == "loopback";
}

// A path fit for a log: of a token only the first 4 characters.
std::string masked(const std::string& path) {
  std::string text;
  std::string_view before;
  const auto segments = segments_of(path);
  for (const auto& segment : segments) {
    const bool secret = before == "inboxes" || before == "w" || before == "shares" || before == "s";
    text += '/' + (secret ? segment.substr(0, 4) + "…" : segment);
    before = segment;
  }
  return text;
}

// Threads made from here on leave SIGTERM and its like to the program's own.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

struct Server::State {
  State(Options given, Services services_given)
      : options(std::move(given)),
        services(std::move(services_given)),
        access({is_loopback(options.address) && options.public_url.empty(), options.allowed_hosts,
                options.public_url, options.access_key}),
        api(options, services, counters),
        pages(access),
        transport(options.max_viewers + options.spare_threads) {
    add_routes();
    add_handlers();
  }

  void add_routes();
  void add_handlers();
  bool refuse_early(const httplib::Request& request, httplib::Response& response) const;
  void answer(const httplib::Request& request, httplib::Response& response, std::string body);
  void answer_with_body(const httplib::Request& request, httplib::Response& response,
                        const httplib::ContentReader& read);
  std::size_t body_limit(const httplib::Request& request) const {
    return request.path == "/api/v1/evaluate" ? options.evaluate_limit : options.body_limit;
  }
  std::string client_of(const httplib::Request& request) const;
  void show_ready(Call& call) const;
  void show_metrics(Call& call) const;

  const Options options;
  const Services services;
  Counters counters;
  const Access access;
  Api api;
  Pages pages;
  Router router;
  Transport transport;
  std::uint16_t port = 0;
  std::thread acceptor;
};

void Server::State::add_routes() {
  api.add_routes(router);
  pages.add_routes(router);
  router.add("GET", "/healthz", [this](Call& call) {
    const bool listens = !services.smtp_listens || services.smtp_listens();
    if (!listens) return answer_problem(call.response, {503, "SMTP does not listen yet"});
    call.response.status = 200;
    call.response.set_content("ok\n", "text/plain; charset=utf-8");
  });
  router.add("GET", "/readyz", [this](Call& call) { show_ready(call); });
  router.add("GET", "/metrics", [this](Call& call) { show_metrics(call); });
}

void Server::State::show_ready(Call& call) const {
  const std::string why = services.unready ? services.unready() : std::string();
  if (!why.empty()) return answer_problem(call.response, {503, why});
  call.response.status = 200;
  call.response.set_content("ready\n", "text/plain; charset=utf-8");
}

void Server::State::show_metrics(Call& call) const {
  std::string text = to_prometheus(counters, api.gauges());
  if (services.extra_metrics) text += services.extra_metrics();
  call.response.status = 200;
  call.response.set_content(text, "text/plain; version=0.0.4; charset=utf-8");
}

void Server::State::add_handlers() {
  using httplib::Request;
  using httplib::Response;
  const std::string any = ".*";
  const auto plain = [this](const Request& request, Response& response) { answer(request, response, {}); };
  const auto with_body = [this](const Request& request, Response& response,
                                const httplib::ContentReader& read) {
    answer_with_body(request, response, read);
  };
  transport.Get(any, plain).Options(any, plain);
  transport.Post(any, with_body).Put(any, with_body).Patch(any, with_body).Delete(any, with_body);

  transport.set_pre_routing_handler([this](const Request& request, Response& response) {
    return refuse_early(request, response) ? httplib::Server::HandlerResponse::Handled
                                           : httplib::Server::HandlerResponse::Unhandled;
  });
  // What the library refuses by itself: an unreadable request line, too long a target, a bad Range.
  transport.set_error_handler([](const Request&, Response& response) {
    if (response.body.empty()) {
      answer_problem(response,
                     {response.status, response.status == 414 ? "the request target is over 8192 octets"
                                                              : "the request cannot be read as HTTP"});
    }
  });
  transport.set_exception_handler([](const Request& request, Response& response, std::exception_ptr thrown) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& error) {
      spdlog::error("http: {} {}: {}", request.method, masked(request.path), error.what());
    } catch (...) {
      spdlog::error("http: {} {}: unknown exception", request.method, masked(request.path));
    }
    answer_problem(response, {500, "something failed on the server: its log says what"});
  });
  transport.set_post_routing_handler([this](const Request& request, Response& response) {
    add_security_headers(request, response);
    counters.count_answer(response.status);
    spdlog::debug("http: {} {} {} {}", request.remote_addr, request.method, masked(request.path),
                  response.status);
  });
}

// Before the body is read. True if it was answered.
bool Server::State::refuse_early(const httplib::Request& request, httplib::Response& response) const {
  std::optional<Problem> problem = access.refusal(request);
  if (!problem && request.has_header("Content-Encoding")) {
    problem = {415, "a Content-Encoding is not understood: send the body as it is"};
  }
  const auto length = parse_number(request.get_header_value("Content-Length"));
  if (!problem && length && *length > body_limit(request)) {
    problem = {413, fmt::format("the body is over {} octets: send less", body_limit(request))};
  }
  if (!problem) return false;
  if (request.has_header("Content-Length") || request.has_header("Transfer-Encoding")) {
    Transport::close_after_answer();
    response.set_header("Connection", "close");
  }
  const bool page = request.get_header_value("Accept").find("text/html") != std::string::npos;
  if (problem->status == 401 && page) {
    response.set_redirect("/login", 303);
  } else {
    if (problem->status == 401) response.set_header("WWW-Authenticate", "Bearer");
    answer_problem(response, *problem);
  }
  return true;
}

std::string Server::State::client_of(const httplib::Request& request) const {
  std::string client = request.remote_addr;
  if (options.trust_forwarded_for && request.has_header("X-Forwarded-For")) {
    const std::string chain = request.get_header_value("X-Forwarded-For");
    const std::size_t last = chain.find_last_of(", ");
    client = last == std::string::npos ? chain : chain.substr(last + 1);
  }
  const auto ip = net::IpAddress::parse(client);
  return ip ? ip->to_string() : client;  // one spelling an address
}

void Server::State::answer(const httplib::Request& request, httplib::Response& response, std::string body) {
  Call call{request, response, std::move(body), client_of(request), {}};
  if (router.route(call) || Pages::answer_asset(call)) return;
  answer_problem(response, {404, "nothing is here: the API is below /api/v1, the page at /"});
}

void Server::State::answer_with_body(const httplib::Request& request, httplib::Response& response,
                                     const httplib::ContentReader& read) {
  const std::size_t limit = body_limit(request);
  std::string body;
  const bool whole = read([&](const char* octets, std::size_t size) {
    if (size > limit - body.size()) return false;
    body.append(octets, size);
    return true;
  });
  if (whole) return answer(request, response, std::move(body));
  Transport::close_after_answer();
  response.set_header("Connection", "close");
  const bool chunked = request.has_header("Transfer-Encoding");
  answer_problem(response,
                 chunked ? Problem{413, fmt::format("the body is over {} octets, or badly chunked", limit)}
                         : Problem{400, "the body ended before its Content-Length, or came too slowly"});
}

Server::Server(Options options, Services services)
    : state_(std::make_unique<State>(std::move(options), std::move(services))) {}

Server::~Server() {
  stop();
}

void Server::start() {
  state_->port = state_->transport.bind(state_->options.address, state_->options.port);
  const SignalsBlocked blocked;
  state_->acceptor = std::thread([state = state_.get()] { state->transport.run(); });
  while (!state_->transport.is_running()) std::this_thread::yield();
}

std::uint16_t Server::port() const {
  return state_->port;
}

std::vector<std::pair<std::string, std::string>> Server::routes() const {
  return state_->router.routes();
}

void Server::stop() {
  if (!state_->acceptor.joinable()) return;
  state_->services.hub.stop();
  state_->transport.stop_accepting();
  state_->acceptor.join();
}

}  // namespace mailassay::http
