#include "dns/zone_entries.h"

#include <optional>
#include <utility>

namespace mailassay::dns {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  std::optional<ZoneError> read() {
    begin_line();
    while (at_ < text_.size() && !error_) read_one();
    if (!error_ && depth_ > 0)
      fail(opened_, "this '(' is never closed: add ')' after the record's last part");
    close_entry();
    return error_;
  }

  std::vector<Entry> take() { return std::move(entries_); }

 private:
  void read_one() {
    switch (text_[at_]) {
      case '\n':
        ++at_;
        ++line_;
        if (depth_ == 0) {
          close_entry();
          begin_line();
        }
        return;
      case ' ':
      case '\t':
      case '\r':
        ++at_;
        return;
      case ';':
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
      case '(':
        if (depth_++ == 0) opened_ = line_;
        ++at_;
        return;
      case ')':
        if (depth_-- == 0)
          return fail(line_, "')' without a '(' before it: remove it, or quote the string it is in");
        ++at_;
        return;
      case '"':
        return read_quoted();
      default:
        return read_plain();
    }
  }

  void begin_line() { entry_ = {line_, at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t'), {}}; }

  void close_entry() {
    if (!entry_.tokens.empty()) entries_.push_back(std::move(entry_));
    entry_ = {};
  }

  void read_quoted() {
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size() || text_[at_] != '"')
      return fail(line_, "a quoted string is not closed on its line: add the closing '\"'");
    entry_.tokens.push_back({text_.substr(start, at_ - start), true});
    ++at_;
  }

  void read_plain() {
    constexpr std::string_view kEnds = " \t\r\n;()\"";
    const std::size_t start = at_;
    while (at_ < text_.size() && kEnds.find(text_[at_]) == std::string_view::npos) {
      at_ += text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2 : 1;
    }
    entry_.tokens.push_back({text_.substr(start, at_ - start), false});
  }

  void fail(std::size_t line, std::string message) { error_ = ZoneError{line, std::move(message)}; }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t depth_ = 0;   // of parentheses
  std::size_t opened_ = 0;  // the line of the outermost
  Entry entry_;
  std::vector<Entry> entries_;
  std::optional<ZoneError> error_;
};

}  // namespace

boost::system::result<std::vector<Entry>, ZoneError> read_entries(std::string_view text) {
  Reader reader(text);
  if (auto error = reader.read()) return *error;
  return reader.take();
}

std::optional<std::string> unescape(std::string_view text) {
  std::string octets;
  octets.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      octets += text[at];
      continue;
    }
    if (++at == text.size()) return std::nullopt;
    if (!is_digit(text[at])) {
      octets += text[at];
      continue;
    }
    if (at + 2 >= text.size() || !is_digit(text[at + 1]) || !is_digit(text[at + 2])) return std::nullopt;
    const int octet = (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
    if (octet > 255) return std::nullopt;
    octets += static_cast<char>(octet);
    at += 2;
  }
  return octets;
}

}  // namespace mailassay::dns
