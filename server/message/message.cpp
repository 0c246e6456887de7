#include "message/message.h"

#include <algorithm>
#include <utility>

namespace mailassay::message {
namespace {

bool is_wsp(char c) {
  return c == ' ' || c == '\t';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equals_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Past the CRLF that ends the line at `begin`, or the end of the text: a lone CR or LF ends no line.
std::size_t next_line(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  while ((at = text.find('\n', at)) != std::string_view::npos) {
    ++at;
    if (at - begin >= 2 && text[at - 2] == '\r') return at;
  }
  return text.size();
}

std::string_view without_crlf(std::string_view line) {
  if (line.ends_with("\r\n")) line.remove_suffix(2);
  return line;
}

// RFC 5322 section 2.2: printable US-ASCII but the colon, before it at most white space (section 4.5).
// Nothing if the line is no field: "From a@b Tue 12:00" of an mbox has a colon too.
std::string_view field_name(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  std::string_view name = line.substr(0, colon);
  while (!name.empty() && is_wsp(name.back())) name.remove_suffix(1);
  const bool printable = std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127; });
  return printable ? name : std::string_view{};
}

Field start_field(std::string_view line, std::string_view name, std::size_t offset) {
  Field field;
  field.offset = offset;
  field.raw = line;
  field.name = name;
  field.space_before_colon = line[name.size()] != ':';
  return field;
}

void finish(Field& field, std::string_view text, std::size_t end) {
  field.raw = text.substr(field.offset, end - field.offset);
  field.value = without_crlf(field.raw.substr(field.raw.find(':') + 1));
}

}  // namespace

Message::Message(std::string octets) : Message(std::make_shared<const std::string>(std::move(octets))) {}

Message::Message(std::shared_ptr<const std::string> octets) : octets_(std::move(octets)) {
  const std::string_view text = *octets_;
  bool in_field = false;
  std::size_t at = 0;
  while (at < text.size() && !has_empty_line_) {
    const std::size_t next = next_line(text, at);
    const std::string_view line = text.substr(at, next - at);
    const bool fold = is_wsp(line.front());
    if (in_field && !fold) finish(fields_.back(), text, at);
    if (line == "\r\n") {
      has_empty_line_ = true;
      in_field = false;
    } else if (fold) {
      if (!in_field) stray_lines_.push_back(without_crlf(line));
    } else if (const auto name = field_name(line); !name.empty()) {
      fields_.push_back(start_field(line, name, at));
      in_field = true;
    } else {
      stray_lines_.push_back(without_crlf(line));
      in_field = false;
    }
    at = next;
  }
  if (in_field) finish(fields_.back(), text, at);
  body_offset_ = at;
}

std::vector<const Field*> Message::all(std::string_view name) const {
  std::vector<const Field*> found;
  for (const Field& field : fields_)
    if (equals_without_case(field.name, name)) found.push_back(&field);
  return found;
}

std::string_view Message::header() const {
  return octets().substr(0, body_offset_);
}

std::string_view Message::body() const {
  return octets().substr(body_offset_);
}

std::string with_crlf(std::string_view text, bool* changed) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  bool bare = false;
  std::size_t from = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', from)) {
    const bool has_cr = at > from ? text[at - 1] == '\r' : false;
    out.append(text.substr(from, at - from));
    if (!has_cr) out.push_back('\r');
    out.push_back('\n');
    bare = bare || !has_cr;
    from = at + 1;
  }
  out.append(text.substr(from));
  if (changed != nullptr) *changed = bare;
  return out;
}

}  // namespace mailassay::message
