// Any octets, in any pieces, to a session in one of four states: fresh, at a recipient, in DATA, behind TLS.
#include "smtp/session.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace mailassay::smtp {
namespace {

class Anyone final : public Handler {
 public:
  trace::Sink& sink() override { return recorder_; }
  void mail_started(const message::Envelope&, trace::Scope) override { ++open_; }
  Reply recipient(const message::Envelope&, std::string_view) override { return {250, "2.1.5", {"OK"}}; }
  boost::asio::awaitable<Reply> mail_received(message::Envelope, std::string) override {
    co_return Reply{250, "2.0.0", {"OK"}};
  }
  void mail_answered() override { --open_; }
  void mail_aborted(std::string_view) override { --open_; }
  void closed() override { ++closed_; }

  // What must hold at the end of any connection.
  bool all_ended() const { return open_ == 0 && closed_ == 1; }

 private:
  trace::Recorder recorder_;
  int open_ = 0, closed_ = 0;
};

void drive(Session& session, std::string_view octets, std::size_t piece) {
  while (session.wants() != Session::Wants::close) {
    switch (session.wants()) {
      case Session::Wants::octets:
        if (octets.empty()) return;
        octets.remove_prefix(session.receive(octets.substr(0, piece)));
        break;
      case Session::Wants::tls:
        session.tls_established({"TLSv1.3", "TLS_AES_256_GCM_SHA384"});
        break;
      case Session::Wants::storage:
        session.take_mail();
        session.mail_answered({250, "2.0.0", {"OK"}});
        break;
      case Session::Wants::close:
        break;
    }
    session.output().clear();
  }
}

}  // namespace
}  // namespace mailassay::smtp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay::smtp;
  constexpr std::string_view openings[] = {"", "EHLO c\r\nMAIL FROM:<a@b> SMTPUTF8\r\nRCPT TO:<c@d>\r\n",
                                           "HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\n",
                                           "EHLO c\r\nSTARTTLS\r\n"};
  if (size < 2) return 0;
  Options options;
  options.max_mail_octets = 4096;
  Client client;
  client.ip = mailassay::net::IpAddress::v4({127, 0, 0, 1});  // AUTH is offered
  Anyone handler;
  Activity activity;
  Session session(options, client, handler, activity);
  session.connected();
  drive(session, openings[data[0] % 4], std::string_view::npos);
  drive(session, {reinterpret_cast<const char*>(data) + 2, size - 2}, data[1] + 1U);
  session.peer_closed();
  if (!handler.all_ended()) std::abort();
  return 0;
}
