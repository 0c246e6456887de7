#include "cli/http_client.h"

#include "config/options.h"

#include <fmt/format.h>
#include <httplib.h>

namespace mailassay::cli {
namespace {

httplib::Client client_of(const ServerArguments& server, int seconds) {
  if (!server.server.starts_with("http://") && !server.server.starts_with("https://"))
    throw config::BadOption(
        fmt::format("--server: '{}' is not a URL; write http://127.0.0.1:8080", server.server));
  httplib::Client client(server.server);
  client.set_connection_timeout(5);
  client.set_read_timeout(seconds);
  if (!server.access_key.empty()) client.set_bearer_token_auth(server.access_key);
  return client;
}

ApiAnswer answer_of(const ServerArguments& server, const httplib::Result& result) {
  if (!result)
    throw config::BadOption(
        fmt::format("--server: {} does not answer ({}); is `mailassay serve` running there?", server.server,
                    httplib::to_string(result.error())));
  if (result->status == 401)
    throw config::BadOption(fmt::format("--access-key: {} wants its http.access_key", server.server));
  return {result->status, result->body};
}

}  // namespace

ApiAnswer api_get(const ServerArguments& server, const std::string& path, int seconds) {
  auto client = client_of(server, seconds);
  return answer_of(server, client.Get(path));
}

ApiAnswer api_post(const ServerArguments& server, const std::string& path, const std::string& json) {
  auto client = client_of(server, 30);
  return answer_of(server, client.Post(path, json, "application/json"));
}

std::string problem_of(const ApiAnswer& answer) {
  boost::json::error_code error;
  const auto parsed = boost::json::parse(answer.body, error);
  if (!error && parsed.is_object())
    if (const auto* detail = parsed.get_object().if_contains("detail"); detail && detail->is_string())
      return std::string(detail->get_string());
  return fmt::format("status {}: {}", answer.status, answer.body.substr(0, 200));
}

}  // namespace mailassay::cli
