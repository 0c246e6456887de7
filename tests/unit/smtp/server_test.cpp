// The whole room over real sockets on loopback.
#include "server_fixture.h"

#include <gtest/gtest.h>

namespace mailassay::smtp {
namespace {

constexpr ListenAddress ipv4() {
  return {"127.0.0.1", 0, false, false};
}

constexpr std::string_view whole_mail = "MAIL FROM:<a@sender.test>\r\nRCPT TO:<ld-1@known.test>\r\nDATA\r\n";

template <typename Stream>
void send_mail(Talk<Stream>& talk) {
  talk.send(whole_mail);
  EXPECT_EQ(talk.reply().substr(0, 3), "250");
  EXPECT_EQ(talk.reply().substr(0, 3), "250");
  EXPECT_EQ(talk.reply().substr(0, 3), "354");
  EXPECT_EQ(talk.ask("Subject: x\r\n\r\n..\r\n.\r\n"), "250 2.0.0 Stored");
}

TEST_F(ServerTest, TakesMailsInPlainTextAndAnswersPipelinedCommandsTogether) {
  start({ipv4()});
  auto socket = connect();
  Talk talk(socket);
  EXPECT_EQ(talk.reply(), "220 mx.test ESMTP Mailassay");
  EXPECT_EQ(talk.ask("EHLO client.test\r\n").substr(0, 3), "250");
  send_mail(talk);
  send_mail(talk);
  EXPECT_EQ(talk.ask("QUIT\r\n").substr(0, 3), "221");
  EXPECT_EQ(talk.reply(), "") << "closed after QUIT";
  stop();
  EXPECT_EQ(told.mails, (std::vector<std::string>{"Subject: x\r\n\r\n.\r\n", "Subject: x\r\n\r\n.\r\n"}));
  EXPECT_EQ(activity.snapshot().mails, 2U);
  EXPECT_FALSE(activity.snapshot().last_from_outside.has_value());
}

TEST_F(ServerTest, TakesALargeMailWhole) {
  start({ipv4()});
  auto socket = connect();
  Talk talk(socket);
  talk.reply();
  talk.ask("EHLO client.test\r\n");
  talk.send(whole_mail);
  for (int i = 0; i < 3; ++i) talk.reply();
  std::string body;
  for (int i = 0; i < 100000; ++i) body += "line " + std::to_string(i) + "\r\n";
  talk.send(body);
  EXPECT_EQ(talk.ask(".\r\n"), "250 2.0.0 Stored");
  socket.close();
  stop();
  ASSERT_EQ(told.mails.size(), 1U);
  EXPECT_EQ(told.mails[0], body);
}

TEST_F(ServerTest, StartTlsDropsWhatWasPipelinedBehindIt) {
  start({ipv4()});
  auto socket = connect();
  Talk plain(socket);
  plain.reply();
  EXPECT_EQ(plain.ask("EHLO client.test\r\n").substr(0, 3), "250");
  EXPECT_EQ(plain.ask("STARTTLS\r\nMAIL FROM:<injected@sender.test>\r\n"), "220 2.0.0 Ready for TLS");
  asio::ssl::stream<tcp::socket&> tls(socket, client_tls);
  tls.handshake(asio::ssl::stream_base::client);
  Talk talk(tls);
  EXPECT_EQ(talk.ask("RCPT TO:<ld-1@known.test>\r\n").substr(0, 9), "503 5.5.1") << "no MAIL is known";
  EXPECT_EQ(talk.ask("EHLO client.test\r\n").substr(0, 3), "250");
  send_mail(talk);
  EXPECT_EQ(talk.ask("QUIT\r\n").substr(0, 3), "221");
  boost::system::error_code ignored;
  tls.shutdown(ignored);
  stop();
  EXPECT_EQ(told.mails.size(), 1U);
  EXPECT_EQ(steps("smtp.tls"), 1U);
  EXPECT_EQ(steps("message.started"), 1U);
}

TEST_F(ServerTest, SpeaksImplicitTlsInBothVersions) {
  auto address = ipv4();
  address.implicit_tls = true;
  start({address});
  for (const auto version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_max_proto_version(context.native_handle(), version);
    auto socket = connect();
    asio::ssl::stream<tcp::socket&> tls(socket, context);
    tls.handshake(asio::ssl::stream_base::client);
    Talk talk(tls);
    EXPECT_EQ(talk.reply(), "220 mx.test ESMTP Mailassay");
    EXPECT_EQ(SSL_version(tls.native_handle()), version);
    EXPECT_EQ(talk.ask("HELO client.test\r\n").substr(0, 3), "250");
    send_mail(talk);
  }
  asio::ssl::context old(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(old.native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_max_proto_version(old.native_handle(), TLS1_1_VERSION);
  auto socket = connect();
  asio::ssl::stream<tcp::socket&> tls(socket, old);
  EXPECT_THROW(tls.handshake(asio::ssl::stream_base::client), boost::system::system_error);
  socket.close();
  stop();
  EXPECT_EQ(told.mails.size(), 2U);
  EXPECT_EQ(steps("smtp.tls_failed"), 1U);
}

TEST_F(ServerTest, SurvivesAPeerThatGoesAwayInTheHandshake) {
  auto address = ipv4();
  address.implicit_tls = true;
  start({address});
  for (int i = 0; i < 20; ++i) {
    auto socket = connect();
    asio::write(socket, asio::buffer("\x16\x03\x01\x00\xf4", 5));
  }
  while (activity.snapshot().connections < 20) std::this_thread::sleep_for(1ms);
  stop();
  EXPECT_EQ(told.handlers, 20U);
  EXPECT_EQ(steps("connection.closed"), 20U);
}

TEST_F(ServerTest, ListensOnIpv6AndSeesIpv4ThroughIt) {
  start({{"::", 0, false, false}});
  for (const auto* address : {"127.0.0.1", "::1"}) {
    tcp::socket socket(client_context);
    socket.connect({asio::ip::make_address(address), endpoints[0].port()});
    Talk talk(socket);
    talk.reply();
    EXPECT_EQ(talk.ask("HELO client.test\r\n"), "250 mx.test greets " + std::string(address));
  }
}

std::string fault_of(Server& server, const ListenAddress& address) {
  try {
    server.listen(address);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

TEST_F(ServerTest, SaysWhoHoldsABusyPort) {
  start({ipv4()});
  auto busy = ipv4();
  busy.port = endpoints[0].port();
  const auto where = "127.0.0.1:" + std::to_string(busy.port);
  const auto fault = fault_of(*server, busy);
  EXPECT_EQ(fault.find("cannot listen on " + where + ": already in use by "), 0U) << fault;
  EXPECT_NE(fault.find("(pid " + std::to_string(::getpid()) + ")"), std::string::npos) << fault;
  EXPECT_EQ(fault_of(*server, {"localhost", 0, false, false}),
            "cannot listen on \"localhost\": not an IP address");
  EXPECT_EQ(fault_of(*server, {"127.0.0.1", 0, false, true})
                .find("cannot listen on 127.0.0.1:0: proxy_protocol needs"),
            0U);
  EXPECT_EQ(fault_of(*server, {"192.0.2.1", 0, false, false}),
            "cannot listen on 192.0.2.1:0: Cannot assign requested address");
}

TEST_F(ServerTest, RefusesTooManyConnectionsOfOneAddress) {
  options.max_connections_per_ip = 2;
  start({ipv4()});
  auto first = connect(), second = connect();
  EXPECT_EQ(Talk(first).reply().substr(0, 3), "220");
  EXPECT_EQ(Talk(second).reply().substr(0, 3), "220");
  auto third = connect();
  Talk refused(third);
  EXPECT_EQ(refused.reply().substr(0, 9), "421 4.7.0");
  EXPECT_EQ(refused.reply(), "");
  EXPECT_EQ(activity.snapshot().refusals.size(), 1U);
  EXPECT_EQ(Talk(first).ask("QUIT\r\n").substr(0, 3), "221");
  first.close();
  while (server->connections() > 1) std::this_thread::sleep_for(1ms);
  auto fourth = connect();
  EXPECT_EQ(Talk(fourth).reply().substr(0, 3), "220") << "a place was given back";
}

TEST_F(ServerTest, ATrustedProxyTellsTheClient) {
  options.proxy_networks = {{*net::IpAddress::parse("127.0.0.0"), 8}};
  auto address = ipv4();
  address.proxy_protocol = true;
  start({address});
  auto socket = connect();
  Talk talk(socket);
  talk.send("PROXY TCP4 192.0.2.77 192.0.2.2 40000 25\r\nHELO client.test\r\n");
  EXPECT_EQ(talk.reply().substr(0, 3), "220");
  EXPECT_EQ(talk.reply(), "250 mx.test greets 192.0.2.77");
  auto liar = connect();
  Talk without(liar);
  without.send("HELO client.test\r\n");
  EXPECT_EQ(without.reply(), "") << "a header was expected";
  EXPECT_TRUE(activity.snapshot().last_from_outside.has_value());
}

TEST_F(ServerTest, WhoIsNotATrustedProxySpeaksPlainSmtp) {
  options.proxy_networks = {{*net::IpAddress::parse("192.0.2.0"), 24}};
  auto address = ipv4();
  address.proxy_protocol = true;
  start({address});
  auto socket = connect();
  Talk talk(socket);
  EXPECT_EQ(talk.reply().substr(0, 3), "220");
  EXPECT_EQ(talk.ask("PROXY TCP4 192.0.2.77 192.0.2.2 40000 25\r\n").substr(0, 9), "500 5.5.1");
}

TEST_F(ServerTest, TimesOutWithAReply) {
  options.timeouts.command = 50ms;
  options.timeouts.data = 50ms;
  start({ipv4()});
  auto idle = connect();
  Talk first(idle);
  EXPECT_EQ(first.reply().substr(0, 3), "220");
  EXPECT_EQ(first.reply().substr(0, 9), "421 4.4.2");
  EXPECT_EQ(first.reply(), "");
  auto sending = connect();
  Talk second(sending);
  second.reply();
  second.send("HELO c\r\n" + std::string(whole_mail) + "Subject: x\r\n");
  for (int i = 0; i < 4; ++i) second.reply();
  EXPECT_EQ(second.reply().substr(0, 9), "421 4.4.2");
  idle.close();
  sending.close();
  stop();
  EXPECT_EQ(steps("message.aborted"), 1U);
}

TEST_F(ServerTest, TimesOutOverTlsWithAReply) {
  options.timeouts.command = 100ms;
  auto address = ipv4();
  address.implicit_tls = true;
  start({address});
  auto socket = connect();
  asio::ssl::stream<tcp::socket&> tls(socket, client_tls);
  tls.handshake(asio::ssl::stream_base::client);
  Talk talk(tls);
  EXPECT_EQ(talk.reply().substr(0, 3), "220");
  EXPECT_EQ(talk.reply().substr(0, 9), "421 4.4.2");
}

TEST_F(ServerTest, StopsIdleConnectionsWithAReplyAndLetsAMailComeToItsEnd) {
  start({ipv4()});
  auto idle = connect(), sending = connect();
  Talk first(idle), second(sending);
  first.reply();
  second.reply();
  second.send("HELO c\r\n" + std::string(whole_mail));
  for (int i = 0; i < 4; ++i) second.reply();
  server->stop(10s);
  EXPECT_EQ(first.reply().substr(0, 9), "421 4.3.2");
  EXPECT_EQ(second.ask("x\r\n.\r\n"), "250 2.0.0 Stored");
  EXPECT_EQ(second.reply().substr(0, 9), "421 4.3.2");
  boost::system::error_code error;
  while (!error) tcp::socket(client_context).connect(endpoints[0], error);  // each context closes its own
  EXPECT_EQ(error, asio::error::connection_refused);
}

TEST_F(ServerTest, StopsAMailThatDoesNotEnd) {
  start({ipv4()});
  auto sending = connect();
  Talk talk(sending);
  talk.reply();
  talk.send("HELO c\r\n" + std::string(whole_mail));
  for (int i = 0; i < 4; ++i) talk.reply();
  server->stop(50ms);
  EXPECT_EQ(talk.reply().substr(0, 9), "421 4.3.2");
}

TEST_F(ServerTest, ForgetsPeersThatVanishAtAnyPoint) {
  start({ipv4()});
  const std::string dialogue =
      "EHLO c\r\n" + std::string(whole_mail) + "Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n";
  for (std::size_t sent = 0; sent <= dialogue.size(); sent += 7) {
    auto socket = connect();
    asio::write(socket, asio::buffer(dialogue.data(), sent));
    if (sent % 2 == 0) socket.set_option(asio::socket_base::linger(true, 0));  // a reset
  }
  stop();
  EXPECT_EQ(server, nullptr);
  EXPECT_EQ(told.handlers, told.closed);
}

}  // namespace
}  // namespace mailassay::smtp
