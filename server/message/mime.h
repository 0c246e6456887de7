// The parts of a mail (RFC 2046) and its readable text, for people who look at it. Lenient, bounded, and
// always valid UTF-8; no verdict hangs on it. Pure.
#pragma once

#include "message/message.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::message {

// A part without parts of its own. The view lives as long as the Message.
struct Part {
  std::string type = "text/plain";  // lower-case
  std::string charset;              // as named; empty without
  std::string name;                 // of the file, UTF-8
  std::string transfer_encoding;
  bool attached = false;  // Content-Disposition: attachment
  std::string_view body;  // still encoded
};

// The leaves in order; at most 20 levels and 1000 parts, deeper ones stay whole.
std::vector<Part> parts(const Message& mail);

struct Attachment {
  std::string name;
  std::string type;
  std::size_t bytes = 0;  // decoded
};

struct Reading {
  std::string text;  // text/plain parts, or else text/html as text; LF line ends, at most 1 MiB
  bool from_html = false;
  bool cut = false;                // there was more
  std::vector<std::string> links;  // http and https, each once, in order, at most 200
  std::vector<Attachment> attachments;
};

Reading decoded_text(const Message& mail);

}  // namespace mailassay::message
