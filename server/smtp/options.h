// Every bound and choice of the SMTP room, with its default.
#pragma once

#include "net/ip_address.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mailassay::smtp {

// To whom AUTH is offered. Any name and password are then accepted: frameworks insist on logging in.
enum class AuthOffer { loopback, always, never };

struct Timeouts {
  std::chrono::milliseconds command = std::chrono::minutes(5);  // RFC 5321 section 4.5.3.2.7
  std::chrono::milliseconds data = std::chrono::minutes(3);     // between blocks, section 4.5.3.2.5
  std::chrono::milliseconds write = std::chrono::minutes(5);    // of replies that the peer does not read
  std::chrono::milliseconds handshake = std::chrono::seconds(60);
  std::chrono::milliseconds proxy_header = std::chrono::seconds(10);
  std::chrono::milliseconds farewell = std::chrono::seconds(2);  // the last reply, close_notify and FIN
};

struct Network {
  net::IpAddress address;
  unsigned prefix = 0;
};

struct Options {
  std::string hostname = "localhost";  // of the greeting and the EHLO reply

  std::uint64_t max_mail_octets = 32U * 1024 * 1024;
  std::size_t max_recipients = 100;     // RFC 5321 section 4.5.3.1.8 wants at least 100
  std::size_t max_line_octets = 2000;   // section 4.5.3.1.4 wants at least 512
  std::size_t max_auth_octets = 12288;  // RFC 4954 section 4
  int max_errors = 20;                  // 5yz replies in one connection
  std::size_t max_connections = 10000;  // in all
  std::size_t max_connections_per_ip = 200;
  Timeouts timeouts;

  AuthOffer auth = AuthOffer::loopback;
  bool tls = true;                // false hides STARTTLS, for clients that refuse a self-signed certificate
  std::string tls_certificate;    // PEM file, the chain after it; empty: a self-signed one is made
  std::string tls_key;            // PEM file
  std::string data_folder = ".";  // where the self-signed certificate is kept

  std::vector<Network> proxy_networks;  // who may speak the PROXY protocol, on listeners that expect it
};

// Where to listen.
struct ListenAddress {
  std::string address = "127.0.0.1";  // or "::" for every IPv6 and IPv4 address
  std::uint16_t port = 2525;          // 0: any free one
  bool implicit_tls = false;          // TLS from the first octet (RFC 8314)
  bool proxy_protocol = false;        // peers in proxy_networks send a PROXY header first
};

}  // namespace mailassay::smtp
