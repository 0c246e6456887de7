#include "http/router.h"

#include "http/problem.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mailassay::http {
namespace {

bool is_brace(const std::string& segment) {
  return segment.starts_with('{');
}

std::optional<std::vector<std::string>> match(const std::vector<std::string>& pattern,
                                              const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  std::vector<std::string> captures;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_brace(pattern[i])) {
      if (path[i].empty()) return std::nullopt;
      captures.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return captures;
}

}  // namespace

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.emplace_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

void Router::add(std::string method, std::string_view pattern, Endpoint endpoint) {
  routes_.push_back({std::move(method), std::string(pattern), segments_of(pattern), std::move(endpoint)});
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  std::vector<std::pair<std::string, std::string>> routes;
  for (const Route& route : routes_) routes.emplace_back(route.method, route.pattern);
  return routes;
}

bool Router::route(Call& call) const {
  const std::string method = call.request.method == "HEAD" ? "GET" : call.request.method;
  const auto path = segments_of(call.request.path);
  std::vector<std::string> allowed;
  for (const Route& route : routes_) {
    auto captures = match(route.segments, path);
    if (!captures) continue;
    if (route.method == method) {
      call.captures = std::move(*captures);
      route.endpoint(call);
      return true;
    }
    allowed.push_back(route.method);
  }
  if (allowed.empty()) return false;
  const std::string methods = fmt::format("{}", fmt::join(allowed, ", "));
  call.response.set_header("Allow", methods);
  answer_problem(call.response,
                 {405, fmt::format("{} does nothing here: use {}", call.request.method, methods)});
  return true;
}

}  // namespace mailassay::http
