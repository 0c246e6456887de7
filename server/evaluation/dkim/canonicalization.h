// Canonicalization (RFC 6376 section 3.4): what is hashed of the header and the body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mailassay::dkim {

enum class Canonicalization : std::uint8_t { simple, relaxed };
std::string_view to_string(Canonicalization canonicalization);

// Appends one header field, its raw octets given, with its closing CRLF (section 3.4.1, 3.4.2).
void append_canonical_field(std::string& out, std::string_view raw, Canonicalization canonicalization);

// The part of the body that is left without the empty lines at its end, and without its last CRLF (sections
// 3.4.3, 3.4.4). For relaxed also without the white space that ends it.
std::string_view without_trailing_lines(std::string_view body, Canonicalization canonicalization);

namespace detail {

inline bool is_wsp(char c) {
  return c == ' ' || c == '\t';
}

inline constexpr std::size_t kBlock = 64;

// Does relaxed leave a block as it is, the octet behind it known? Without a branch, so that it is read in
// vectors.
inline bool unchanged(const char* block) {
  bool changed = false;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const char next = block[i + 1];
    const bool before = (next == ' ') | (next == '\t') | (next == '\r');
    changed |= (block[i] == '\t') | ((block[i] == ' ') & before);
  }
  return !changed;
}

// Hands on long stretches of the original, broken only where relaxed changes something.
template <typename Sink>
void relaxed_body(std::string_view text, Sink& sink) {
  std::size_t kept = 0;
  std::size_t looked = 0;  // up to here no block needs to be tried
  for (std::size_t i = 0; i < text.size();) {
    if (i >= looked) {
      looked = i + kBlock;
      if (looked < text.size() && unchanged(text.data() + i)) {
        i = looked;
        continue;
      }
    }
    if (!is_wsp(text[i])) {
      ++i;
      continue;
    }
    std::size_t run = i + 1;
    while (run < text.size() && is_wsp(text[run])) ++run;
    const bool at_line_end = run + 1 < text.size() && text[run] == '\r' && text[run + 1] == '\n';
    if (at_line_end || run - i > 1 || text[i] == '\t') {
      if (i > kept) sink(text.substr(kept, i - kept));
      if (!at_line_end) sink(std::string_view(" "));
      kept = run;
    }
    i = run;
  }
  sink(text.substr(kept));
}

}  // namespace detail

// Calls sink(std::string_view) with the canonical body, piece by piece.
template <typename Sink>
void canonical_body(std::string_view body, Canonicalization canonicalization, Sink&& sink) {
  const std::string_view text = without_trailing_lines(body, canonicalization);
  const bool relaxed = canonicalization == Canonicalization::relaxed;
  if (text.empty() && relaxed) return;
  if (relaxed) {
    detail::relaxed_body(text, sink);
  } else if (!text.empty()) {
    sink(text);
  }
  sink(std::string_view("\r\n"));
}

}  // namespace mailassay::dkim
