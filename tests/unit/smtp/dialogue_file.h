// A dialogue as a text file, played against a session without sockets.
//
//     # comment
//     @ ip 192.0.2.1            a setting: ip, auth, tls, implicit_tls, max_mail, max_recipients, max_errors
//     C EHLO client.test        the client sends this line and CRLF
//     R .\n                     the client sends these octets: \r \n \0 \\ and \xHH
//     S 250-mx.test             the server's next line starts so
//     E tls | tls_failed | timeout | lost | shutdown     an event
//     = connection.opened       the step tree, two spaces a level, "kind" and its main fact
//     H closed                  what the handler was told, in order
#pragma once

#include "fake_handler.h"
#include "smtp/options.h"
#include "smtp/session.h"

#include <string>
#include <vector>

namespace mailassay::smtp {

struct Event {
  enum class Kind { octets, tls, tls_failed, timeout, lost, shutdown };
  Kind kind = Kind::octets;
  std::string octets;
  std::vector<std::string> replies;  // expected, as prefixes
};

struct DialogueFile {
  std::string name;
  Options options;
  Client client;
  std::vector<Event> events;  // the first one is the connection itself
  std::vector<std::string> steps;
  std::vector<std::string> calls;
};

DialogueFile read_dialogue(const std::string& path);

// A session with all it stands on.
class Stage {
 public:
  explicit Stage(const DialogueFile& file);
  void play(const Event& event);
  // At most `piece` octets at a time.
  void send(std::string_view octets, std::size_t piece = std::string_view::npos);
  std::vector<std::string> take_replies();  // lines without CRLF
  std::vector<std::string> step_tree() const;
  // Each mail that began ended once, and the connection was closed once.
  void expect_everything_ended() const;

  Options options;
  Client client;
  FakeHandler handler;
  Activity activity;
  Session session;

 private:
  void store();
};

}  // namespace mailassay::smtp
