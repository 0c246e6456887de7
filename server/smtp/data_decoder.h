// The content of a mail as it arrives: DATA (RFC 5321 section 4.5.2) and BDAT (RFC 3030). Pure.
//
// A CR or LF that is not part of CRLF never ends a line here: servers that disagree about it can be made to
// see two mails in one (SMTP smuggling, CVE-2023-51764). Such content is read to its true end, then refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailassay::smtp {

enum class LineFault { none, bare_cr, bare_lf };

// What has been received, and what is wrong with it.
class Content {
 public:
  explicit Content(std::uint64_t max_octets) : max_octets_(max_octets) {}

  void reserve(std::uint64_t octets) { octets_.reserve(static_cast<std::size_t>(octets)); }
  // Keeps the octets, or only counts them once there are more than the limit.
  void append(std::string_view octets);
  void note_fault(LineFault fault);  // the first one is remembered, with its line
  void next_line() { ++lines_; }

  std::string take() { return std::move(octets_); }
  std::string_view octets() const { return octets_; }
  std::uint64_t size() const { return size_; }
  std::uint64_t lines() const { return lines_; }
  bool too_large() const { return size_ > max_octets_; }
  LineFault fault() const { return fault_; }
  std::uint64_t fault_line() const { return fault_line_; }  // from 1

 private:
  std::uint64_t max_octets_;
  std::string octets_;
  std::uint64_t size_ = 0;
  std::uint64_t lines_ = 0;
  LineFault fault_ = LineFault::none;
  std::uint64_t fault_line_ = 0;
};

// Unstuffs dots and finds CRLF.CRLF.
class DataDecoder {
 public:
  // Takes octets up to the end of the mail; returns how many it took (all, until the end has come).
  std::size_t decode(std::string_view octets, Content& content);
  bool done() const { return state_ == State::done; }

 private:
  enum class State { line_start, dot, dot_cr, text, cr, done };
  const char* decode_text(const char* at, const char* end, Content& content);

  State state_ = State::line_start;
};

// Counts a chunk's octets, which come as they are.
class ChunkDecoder {
 public:
  void start(std::uint64_t octets) { left_ = octets; }
  // Takes octets up to the end of the chunk; returns how many it took.
  std::size_t decode(std::string_view octets, Content& content);
  // The same without keeping or judging them: the chunk of a refused BDAT.
  std::size_t skip(std::string_view octets);
  bool done() const { return left_ == 0; }
  // After the last chunk: a CR at the very end was a bare one.
  void finish(Content& content);

 private:
  void check_line_ends(std::string_view octets, Content& content);

  std::uint64_t left_ = 0;
  bool after_cr_ = false;
};

}  // namespace mailassay::smtp
