#include "cli/smtp_client.h"

#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace mailassay::cli {
namespace {

class Dialogue {
 public:
  Dialogue(const std::string& address, std::uint16_t port) {
    socket_.connect({boost::asio::ip::make_address(address), port});
    expect('2');
  }

  void say(const std::string& octets, char wanted) {
    boost::asio::write(socket_, boost::asio::buffer(octets + "\r\n"));
    expect(wanted);
  }

 private:
  void expect(char wanted) {
    std::string line;
    do {
      const auto size = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(input_), "\r\n");
      line = input_.substr(0, size - 2);
      input_.erase(0, size);
    } while (line.size() > 3 && line[3] == '-');
    if (line.empty() || line.front() != wanted) throw std::runtime_error("the server answered: " + line);
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string input_;
};

// RFC 5321 section 4.5.2.
std::string dot_stuffed(const std::string& octets) {
  std::string text;
  for (std::size_t start = 0; start < octets.size();) {
    const auto end = std::min(octets.find("\r\n", start), octets.size());
    if (octets[start] == '.') text += '.';
    text.append(octets, start, end - start).append("\r\n");
    start = end + 2;
  }
  return text;
}

}  // namespace

void send_mail(const std::string& address, std::uint16_t port, const OutgoingMail& mail) {
  Dialogue dialogue(address, port);
  dialogue.say("EHLO " + mail.helo, '2');
  dialogue.say("MAIL FROM:<" + mail.mail_from + ">", '2');
  dialogue.say("RCPT TO:<" + mail.rcpt_to + ">", '2');
  dialogue.say("DATA", '3');
  dialogue.say(dot_stuffed(mail.octets) + ".", '2');
  dialogue.say("QUIT", '2');
}

}  // namespace mailassay::cli
