// A small DNS server on 127.0.0.1 or another address of loopback, UDP and TCP on one port, that says what a
// test tells it to.
#pragma once

#include "dns/answer.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mailassay::dns::test {

using Octets = std::vector<std::uint8_t>;

struct Question {
  std::string name;
  std::uint16_t type = 0;
  bool over_tcp = false;
  bool edns = false;
  Octets octets;  // the whole message
};

// Builds an answer to a question.
class Reply {
 public:
  explicit Reply(const Question& question, std::uint8_t rcode = 0);
  Reply& answer(const std::string& owner, std::uint16_t type, const Octets& data, std::uint32_t ttl = 60);
  Reply& a(const std::string& owner, std::uint8_t last_octet, std::uint32_t ttl = 60);
  Reply& cname(const std::string& owner, const std::string& target, std::uint32_t ttl = 60);
  Reply& authority(const std::string& owner, std::uint16_t type, const Octets& data, std::uint32_t ttl);
  Reply& soa(const std::string& owner, std::uint32_t ttl, std::uint32_t minimum);
  Reply& additional(const std::string& owner, std::uint16_t type, const Octets& data);
  Reply& flag(std::uint16_t bits);  // TC 0x0200, AD 0x0020
  Reply& own(bool authoritative);   // as a zone's own server: AA or not, RD as asked, no RA
  operator Octets() const { return octets_; }

 private:
  void record(std::size_t count_at, const std::string& owner, std::uint16_t type, const Octets& data,
              std::uint32_t ttl);
  Octets octets_;
};

Octets name_octets(const std::string& name);

class DnsServer {
 public:
  // No octets: no answer.
  using Handler = std::function<Octets(const Question&)>;

  // Port 0: any free one.
  explicit DnsServer(Handler handler, const std::string& ip = "127.0.0.1", std::uint16_t port = 0);
  ~DnsServer();

  std::string address() const { return ip_ + ":" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }
  std::vector<Question> questions() const;

 private:
  void serve();
  void serve_udp();
  void serve_tcp();
  Octets respond(Octets message, bool over_tcp);

  Handler handler_;
  std::string ip_;
  std::uint16_t port_ = 0;
  int udp_ = -1;
  int tcp_ = -1;
  int stop_[2] = {-1, -1};
  mutable std::mutex mutex_;
  std::vector<Question> questions_;
  std::thread thread_;
};

}  // namespace mailassay::dns::test
