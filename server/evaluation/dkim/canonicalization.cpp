#include "evaluation/dkim/canonicalization.h"

namespace mailassay::dkim {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Writes to memory that is at least as long as the field and two octets; past the last octet written.
char* write_relaxed(char* out, std::string_view raw) {
  const std::size_t colon = raw.find(':');
  std::size_t name_end = colon;
  while (name_end > 0 && detail::is_wsp(raw[name_end - 1])) --name_end;
  for (std::size_t i = 0; i < name_end; ++i) *out++ = lower(raw[i]);
  *out++ = ':';
  bool space = false;
  bool begun = false;
  for (std::size_t i = colon + 1; i < raw.size(); ++i) {
    const char c = raw[i];
    if (detail::is_wsp(c)) {
      space = begun;
    } else if (c == '\r' && i + 1 < raw.size() && raw[i + 1] == '\n') {
      ++i;
    } else {
      if (space) *out++ = ' ';
      *out++ = c;
      space = false;
      begun = true;
    }
  }
  *out++ = '\r';
  *out++ = '\n';
  return out;
}

}  // namespace

std::string_view to_string(Canonicalization canonicalization) {
  return canonicalization == Canonicalization::simple ? "simple" : "relaxed";
}

void append_canonical_field(std::string& out, std::string_view raw, Canonicalization canonicalization) {
  if (canonicalization == Canonicalization::simple) {
    out.append(raw);
    if (!raw.ends_with("\r\n")) out.append("\r\n");
    return;
  }
  const std::size_t begin = out.size();
  out.resize(begin + raw.size() + 2);
  const char* end = write_relaxed(out.data() + begin, raw);
  out.resize(static_cast<std::size_t>(end - out.data()));
}

std::string_view without_trailing_lines(std::string_view body, Canonicalization canonicalization) {
  while (true) {
    if (body.ends_with("\r\n")) {
      body.remove_suffix(2);
    } else if (canonicalization == Canonicalization::relaxed && !body.empty() &&
               detail::is_wsp(body.back())) {
      body.remove_suffix(1);
    } else {
      return body;
    }
  }
}

}  // namespace mailassay::dkim
