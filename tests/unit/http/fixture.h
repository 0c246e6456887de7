// A real server on a free port of loopback, with a real store in a folder of its own.
#pragma once

#include "evaluation/report.h"
#include "http/server.h"
#include "intake/inboxes.h"
#include "journal/hub.h"
#include "store/store.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <httplib.h>

namespace mailassay::test {

class Folder {
 public:
  Folder();
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class HttpServer {
 public:
  using Evaluate = decltype(http::Services::evaluate);

  explicit HttpServer(http::Options options = {}, Evaluate evaluate = {},
                      std::chrono::seconds lifetime = std::chrono::hours(1));
  ~HttpServer();

  httplib::Client client() const;
  std::string base() const { return "http://127.0.0.1:" + std::to_string(server->port()); }

  // Events of one message (or of none) at the end of the inbox's journal; on disk when it returns.
  void append(const store::Inbox& inbox, int count, const std::string& message = {});
  // A message with this mail, judged: its verdict event and report are there.
  void add_judged(const store::Inbox& inbox, const std::string& id, const std::string& mail,
                  const std::string& dmarc = "pass", std::optional<evaluation::Connection> by = {});
  // Arrived, not judged; its first event is told.
  store::Message add_receiving(const store::Inbox& inbox, const std::string& id);
  void judge(store::Message message, const std::string& dmarc);

  Folder folder;
  std::unique_ptr<store::Store> store;
  journal::Hub hub;
  std::unique_ptr<intake::Inboxes> inboxes;
  // What the program knows of how it is reached; nothing: the DNS was too late.
  std::optional<boost::json::object> reachability{{{"domain", "mailassay.test"}}};
  std::unique_ptr<http::Server> server;
};

// Reads an event stream until `enough` says so of what came; returns it. Sends `headers`.
std::string read_stream(httplib::Client client, const std::string& path,
                        const std::function<bool(const std::string&)>& enough,
                        const httplib::Headers& headers = {});
// The numbers after "id: " in a stream, in order.
std::vector<std::uint64_t> ids_in(const std::string& stream);
std::size_t count_of(const std::string& text, const std::string& part);

boost::json::object json_of(const httplib::Result& result);

}  // namespace mailassay::test
