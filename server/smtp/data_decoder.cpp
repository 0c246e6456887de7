#include "smtp/data_decoder.h"

#include <algorithm>
#include <cstring>

namespace mailassay::smtp {
namespace {

// The first `octet` in [at, end), or end.
const char* find(const char* at, const char* end, char octet) {
  if (at == end) return end;
  const auto* found = static_cast<const char*>(std::memchr(at, octet, static_cast<std::size_t>(end - at)));
  return found != nullptr ? found : end;
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

void Content::append(std::string_view octets) {
  size_ += octets.size();
  if (too_large()) {
    std::string().swap(octets_);  // refused at the end in any case: don't hold its memory until then
  } else {
    octets_.append(octets);
  }
}

void Content::note_fault(LineFault fault) {
  if (fault_ != LineFault::none) return;
  fault_ = fault;
  fault_line_ = lines_ + 1;
}

std::size_t DataDecoder::decode(std::string_view octets, Content& content) {
  const char* const begin = octets.data();
  const char* const end = begin + octets.size();
  const char* at = begin;
  const char* kept = begin;  // [kept, at) goes to the mail in one piece
  while (at != end && state_ != State::done) {
    switch (state_) {
      case State::line_start:
        state_ = *at == '.' ? State::dot : State::text;
        if (state_ == State::dot) {  // dropped: stuffing, or the end (section 4.5.2)
          content.append(between(kept, at));
          kept = ++at;
        }
        break;
      case State::dot:
        state_ = *at == '\r' ? State::dot_cr : State::text;
        if (state_ == State::dot_cr) kept = ++at;
        break;
      case State::dot_cr:
        if (*at == '\n') {
          state_ = State::done;
          kept = ++at;
        } else {  // ".\r" and more: the line goes on
          content.append("\r");
          content.note_fault(LineFault::bare_cr);
          state_ = State::text;
        }
        break;
      case State::cr:
        if (*at == '\n') {
          content.next_line();
          state_ = State::line_start;
          ++at;
        } else {
          content.note_fault(LineFault::bare_cr);
          state_ = State::text;
        }
        break;
      case State::text:
        at = decode_text(at, end, content);
        break;
      case State::done:
        break;
    }
  }
  content.append(between(kept, at));
  return static_cast<std::size_t>(at - begin);
}

// To the end of the line, or of the octets; the octet before `at` is no CR.
const char* DataDecoder::decode_text(const char* at, const char* end, Content& content) {
  const char* const lf = find(at, end, '\n');
  const bool ends_with_cr = lf != at && lf[-1] == '\r';
  const char* const text_end = ends_with_cr ? lf - 1 : lf;
  if (find(at, text_end, '\r') != text_end) content.note_fault(LineFault::bare_cr);
  if (lf == end) {
    state_ = ends_with_cr ? State::cr : State::text;
    return end;
  }
  if (ends_with_cr) {
    content.next_line();
    state_ = State::line_start;
  } else {
    content.note_fault(LineFault::bare_lf);
  }
  return lf + 1;
}

std::size_t ChunkDecoder::decode(std::string_view octets, Content& content) {
  const auto taken =
      octets.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, octets.size())));
  check_line_ends(taken, content);
  content.append(taken);
  left_ -= taken.size();
  return taken.size();
}

std::size_t ChunkDecoder::skip(std::string_view octets) {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, octets.size()));
  left_ -= taken;
  return taken;
}

void ChunkDecoder::finish(Content& content) {
  if (after_cr_) content.note_fault(LineFault::bare_cr);
}

void ChunkDecoder::check_line_ends(std::string_view octets, Content& content) {
  const char* const end = octets.data() + octets.size();
  for (const char* at = octets.data(); at != end;) {
    if (after_cr_ && *at != '\n') content.note_fault(LineFault::bare_cr);
    const char* const lf = find(at, end, '\n');
    const bool ends_with_cr = lf == at ? after_cr_ : lf[-1] == '\r';
    const char* const text_end = ends_with_cr && lf != at ? lf - 1 : lf;
    if (find(at, text_end, '\r') != text_end) content.note_fault(LineFault::bare_cr);
    after_cr_ = lf == end && ends_with_cr;
    if (lf == end) return;
    if (ends_with_cr) {
      content.next_line();
    } else {
      content.note_fault(LineFault::bare_lf);
    }
    at = lf + 1;
  }
}

}  // namespace mailassay::smtp
