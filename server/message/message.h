// A mail as octets with its header fields marked out (RFC 5322 section 2.2), so that each verifier sees the
// same fields and the same bytes. Nothing is normalised; what is malformed is kept and told.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::message {

// One header field. The views live as long as the Message they came from.
struct Field {
  std::size_t offset = 0;           // of its first octet in the mail
  std::string_view raw;             // the whole field with its folds and its closing CRLF, as received
  std::string_view name;            // without white space before the colon ("From :" is the field From)
  std::string_view value;           // all after the colon, still folded, without the closing CRLF
  bool space_before_colon = false;  // obsolete syntax (RFC 5322 section 4.5): said, since attacks use it
};

class Message {
 public:
  // Takes the octets of DATA, dots unstuffed, CRLF line ends.
  explicit Message(std::string octets);
  explicit Message(std::shared_ptr<const std::string> octets);

  std::string_view octets() const { return *octets_; }
  std::span<const Field> fields() const { return fields_; }
  // The fields of that name (compared without case), from the top.
  std::vector<const Field*> all(std::string_view name) const;
  // The header block with the empty line that ends it; the body after it.
  std::string_view header() const;
  std::string_view body() const;
  // Header lines that belong to no field (no colon, or a fold without a field before it).
  std::span<const std::string_view> stray_lines() const { return stray_lines_; }
  bool has_empty_line() const { return has_empty_line_; }

 private:
  std::shared_ptr<const std::string> octets_;
  std::vector<Field> fields_;
  std::vector<std::string_view> stray_lines_;
  std::size_t body_offset_ = 0;
  bool has_empty_line_ = false;
};

// Bare LF becomes CRLF (a file saved on Unix); *changed tells whether any was. A lone CR stays.
std::string with_crlf(std::string_view text, bool* changed);

}  // namespace mailassay::message
