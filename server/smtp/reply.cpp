#include "smtp/reply.h"

namespace mailassay::smtp {
namespace {

constexpr std::size_t max_reply_line = 512;  // RFC 5321 section 4.5.3.1.5, CRLF included

// Reply text is printable ASCII (RFC 5321 section 4.2): an echoed octet must not forge a second line.
void append_text(std::string& wire, std::string_view text, std::size_t room) {
  const bool cut = text.size() > room;
  for (const unsigned char octet : text.substr(0, cut ? room - 3 : room)) {
    wire += octet >= 0x20 && octet < 0x7f ? static_cast<char>(octet) : '?';
  }
  if (cut) wire += "...";
}

void append_line(std::string& wire, const Reply& reply, std::string_view text, bool last) {
  const auto start = wire.size();
  wire += std::to_string(reply.code);
  wire += last ? ' ' : '-';
  if (!reply.status.empty()) {
    wire += reply.status;
    wire += ' ';
  }
  append_text(wire, text, max_reply_line - 2 - (wire.size() - start));
  wire += "\r\n";
}

}  // namespace

void Reply::append_to(std::string& wire) const {
  if (lines.empty()) append_line(wire, *this, "", true);
  for (std::size_t i = 0; i < lines.size(); ++i) append_line(wire, *this, lines[i], i + 1 == lines.size());
}

std::string Reply::to_wire() const {
  std::string wire;
  append_to(wire);
  return wire;
}

}  // namespace mailassay::smtp
