#include "dns_server.h"

#include "dns/name.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace mailassay::dns::test {
namespace {

constexpr std::size_t kHeader = 12;

void append16(Octets& octets, std::uint32_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8));
  octets.push_back(static_cast<std::uint8_t>(value));
}

void append32(Octets& octets, std::uint32_t value) {
  append16(octets, value >> 16);
  append16(octets, value & 0xffff);
}

std::size_t question_end(const Octets& message) {
  std::size_t at = kHeader;
  while (message.at(at) != 0) at += message[at] + 1U;
  return at + 5;
}

Question question_of(Octets message, bool over_tcp) {
  Question question;
  const std::size_t end = question_end(message);
  question.name = from_wire(std::span(message).subspan(kHeader)).value_or("?");
  question.type = static_cast<std::uint16_t>(message.at(end - 4) << 8 | message.at(end - 3));
  question.over_tcp = over_tcp;
  question.edns = message.at(11) == 1;
  question.octets = std::move(message);
  return question;
}

int bound(int type, const std::string& ip, std::uint16_t port) {
  const int fd = socket(AF_INET, type, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = inet_addr(ip.c_str());
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

}  // namespace

Octets name_octets(const std::string& name) {
  return to_wire(name).value_or(Octets{0});
}

Reply::Reply(const Question& question, std::uint8_t rcode)
    : octets_(question.octets.begin(),
              question.octets.begin() + static_cast<std::ptrdiff_t>(question_end(question.octets))) {
  octets_[2] = 0x81;                                     // QR, RD
  octets_[3] = static_cast<std::uint8_t>(0x80 | rcode);  // RA
  for (std::size_t at = 6; at < kHeader; ++at) octets_[at] = 0;
}

void Reply::record(std::size_t count_at, const std::string& owner, std::uint16_t type, const Octets& data,
                   std::uint32_t ttl) {
  ++octets_[count_at];
  const Octets name = name_octets(owner);
  octets_.insert(octets_.end(), name.begin(), name.end());
  append16(octets_, type);
  append16(octets_, 1);
  append32(octets_, ttl);
  append16(octets_, static_cast<std::uint32_t>(data.size()));
  octets_.insert(octets_.end(), data.begin(), data.end());
}

Reply& Reply::answer(const std::string& owner, std::uint16_t type, const Octets& data, std::uint32_t ttl) {
  record(7, owner, type, data, ttl);
  return *this;
}

Reply& Reply::a(const std::string& owner, std::uint8_t last_octet, std::uint32_t ttl) {
  return answer(owner, 1, {192, 0, 2, last_octet}, ttl);
}

Reply& Reply::cname(const std::string& owner, const std::string& target, std::uint32_t ttl) {
  return answer(owner, 5, name_octets(target), ttl);
}

Reply& Reply::authority(const std::string& owner, std::uint16_t type, const Octets& data, std::uint32_t ttl) {
  record(9, owner, type, data, ttl);
  return *this;
}

Reply& Reply::soa(const std::string& owner, std::uint32_t ttl, std::uint32_t minimum) {
  Octets data = name_octets("ns." + owner);
  const Octets mailbox = name_octets("admin." + owner);
  data.insert(data.end(), mailbox.begin(), mailbox.end());
  for (int field = 0; field < 4; ++field) append32(data, 1);
  append32(data, minimum);
  return authority(owner, 6, data, ttl);
}

Reply& Reply::additional(const std::string& owner, std::uint16_t type, const Octets& data) {
  record(11, owner, type, data, 60);
  return *this;
}

Reply& Reply::own(bool authoritative) {
  octets_[2] &= 0xfe;
  octets_[3] &= 0x7f;
  return authoritative ? flag(0x0400) : *this;
}

Reply& Reply::flag(std::uint16_t bits) {
  octets_[2] |= static_cast<std::uint8_t>(bits >> 8);
  octets_[3] |= static_cast<std::uint8_t>(bits & 0xff);
  return *this;
}

DnsServer::DnsServer(Handler handler, const std::string& ip, std::uint16_t port)
    : handler_(std::move(handler)), ip_(ip) {
  for (int attempt = 0; attempt < 20 && tcp_ < 0; ++attempt) {
    udp_ = bound(SOCK_DGRAM, ip, port);
    if (udp_ < 0) continue;
    port_ = port_of(udp_);
    tcp_ = bound(SOCK_STREAM, ip, port_);
    if (tcp_ < 0) close(udp_);
  }
  if (tcp_ < 0 || listen(tcp_, 16) != 0 || pipe(stop_) != 0)
    throw std::runtime_error("no port for a DNS server");
  thread_ = std::thread([this] { serve(); });
}

DnsServer::~DnsServer() {
  close(stop_[1]);
  thread_.join();
  for (const int fd : {udp_, tcp_, stop_[0]}) close(fd);
}

std::vector<Question> DnsServer::questions() const {
  const std::lock_guard lock(mutex_);
  return questions_;
}

void DnsServer::serve() {
  for (;;) {
    pollfd waits[] = {{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}, {stop_[0], POLLIN, 0}};
    poll(waits, 3, -1);
    if (waits[2].revents != 0) return;
    if (waits[0].revents != 0) serve_udp();
    if (waits[1].revents != 0) serve_tcp();
  }
}

void DnsServer::serve_udp() {
  Octets message(4096);
  sockaddr_in peer{};
  socklen_t length = sizeof peer;
  const auto got =
      recvfrom(udp_, message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&peer), &length);
  if (got <= 0) return;
  message.resize(static_cast<std::size_t>(got));
  const Octets reply = respond(std::move(message), false);
  if (!reply.empty()) sendto(udp_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&peer), length);
}

void DnsServer::serve_tcp() {
  const int connection = accept(tcp_, nullptr, nullptr);
  std::uint8_t size[2] = {};
  if (recv(connection, size, 2, MSG_WAITALL) == 2) {
    Octets message(static_cast<std::size_t>(size[0] << 8 | size[1]));
    recv(connection, message.data(), message.size(), MSG_WAITALL);
    const Octets reply = respond(std::move(message), true);
    Octets framed;
    append16(framed, static_cast<std::uint32_t>(reply.size()));
    framed.insert(framed.end(), reply.begin(), reply.end());
    if (!reply.empty()) send(connection, framed.data(), framed.size(), MSG_NOSIGNAL);
  }
  close(connection);
}

Octets DnsServer::respond(Octets message, bool over_tcp) {
  const Question question = question_of(std::move(message), over_tcp);
  {
    const std::lock_guard lock(mutex_);
    questions_.push_back(question);
  }
  return handler_(question);
}

}  // namespace mailassay::dns::test
