#include "http/problem.h"

namespace mailassay::http {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Error";
  }
}

void answer_problem(httplib::Response& response, const Problem& problem) {
  const boost::json::object body{{"type", "about:blank"},  // RFC 9457 section 4.2.1: the status says it all
                                 {"title", reason_phrase(problem.status)},
                                 {"status", problem.status},
                                 {"detail", problem.detail}};
  response.status = problem.status;
  response.set_content(boost::json::serialize(body), "application/problem+json");
}

void answer_json(httplib::Response& response, int status, const boost::json::value& value) {
  response.status = status;
  response.set_content(boost::json::serialize(value), "application/json");
}

}  // namespace mailassay::http
