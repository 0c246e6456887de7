// Which endpoint answers a path.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <httplib.h>

namespace mailassay::http {

// One request being answered.
struct Call {
  const httplib::Request& request;
  httplib::Response& response;
  std::string body;
  std::string client;                 // the client's IP address
  std::vector<std::string> captures;  // what stood for the braces of the pattern, in order
};

class Router {
 public:
  using Endpoint = std::function<void(Call&)>;

  // pattern: "/api/v1/inboxes/{token}"; a brace stands for one whole segment, not empty. GET serves HEAD too.
  void add(std::string method, std::string_view pattern, Endpoint endpoint);
  // Calls the endpoint, or answers 405 with Allow. False (and no answer) if nothing has this path.
  bool route(Call& call) const;
  // Method and pattern of each, in the order they were added.
  std::vector<std::pair<std::string, std::string>> routes() const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    Endpoint endpoint;
  };
  std::vector<Route> routes_;
};

// The segments between the slashes of a path that starts with one.
std::vector<std::string> segments_of(std::string_view path);

}  // namespace mailassay::http
