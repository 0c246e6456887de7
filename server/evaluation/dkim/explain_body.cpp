#include "evaluation/dkim/base64.h"
#include "evaluation/dkim/canonicalization.h"
#include "evaluation/dkim/digest.h"
#include "evaluation/dkim/forensics.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace mailassay::dkim {
namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(text.size());
  std::size_t begin = 0;
  for (auto at = text.find(from); at != std::string_view::npos; at = text.find(from, begin)) {
    out.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  return out.append(text, begin);
}

// The same at line starts.
std::string replaced_at_lines(std::string_view text, std::string_view from, std::string_view to) {
  const std::string lines = "\r\n" + std::string(text);
  return replaced(lines, "\r\n" + std::string(from), "\r\n" + std::string(to)).substr(2);
}

std::string with_line_feeds(std::string_view body) {
  return replaced(body, "\r\n", "\n");
}
std::string undo_dot_stuffing(std::string_view body) {
  return replaced_at_lines(body, "..", ".");
}
std::string redo_dot_stuffing(std::string_view body) {
  return replaced_at_lines(body, ".", "..");
}
std::string undo_from_mangling(std::string_view body) {
  return replaced_at_lines(body, ">From ", "From ");
}
std::string with_tabs_as_spaces(std::string_view body) {
  return replaced(body, "\t", "        ");
}

// Relays that keep to RFC 5321's 998 octets break a longer line and begin the rest with a space.
std::string undo_line_wrapping(std::string_view body) {
  constexpr std::size_t kNearTheLimit = 980;
  std::string out;
  std::size_t line = 0;
  for (std::size_t at = 0; at < body.size(); ++at) {
    const bool breaks = body.substr(at, 3) == "\r\n " && at - line >= kNearTheLimit;
    if (breaks) {
      const std::size_t bang = out.ends_with('!') ? 1 : 0;  // Sendmail's mark
      out.resize(out.size() - bang);
      at += 2;
      line = at;
      continue;
    }
    out.push_back(body[at]);
    if (body[at] == '\n') line = at + 1;
  }
  return out;
}

std::string from_latin1(std::string_view body) {
  std::string out;
  for (const char c : body) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xc0 | octet >> 6));
      out.push_back(static_cast<char>(0x80 | (octet & 0x3f)));
    }
  }
  return out;
}

std::string to_latin1(std::string_view body) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const auto octet = static_cast<unsigned char>(body[i]);
    const bool two = (octet == 0xc2 || octet == 0xc3) && i + 1 < body.size();
    out.push_back(two ? static_cast<char>((octet & 3) << 6 | (static_cast<unsigned char>(body[++i]) & 0x3f))
                      : body[i]);
  }
  return out;
}

std::string from_base64(std::string_view body) {
  return decode_base64(body).value_or(std::string(body));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string from_quoted_printable(std::string_view body) {
  std::string out;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '=' || i + 2 >= body.size()) {
      out.push_back(body[i]);
      continue;
    }
    const int high = hex_value(body[i + 1]);
    const int low = hex_value(body[i + 2]);
    if (high >= 0 && low >= 0)
      out.push_back(static_cast<char>(high * 16 + low));
    else if (body.substr(i + 1, 2) != "\r\n")
      return std::string(body);
    i += 2;
  }
  return out;
}

struct Suspect {
  std::string_view what;
  std::string (*undo)(std::string_view);
};
constexpr std::array<Suspect, 10> kSuspects{{
    {"line_endings", with_line_feeds},
    {"dot_stuffing_left", undo_dot_stuffing},
    {"dot_stuffing_lost", redo_dot_stuffing},
    {"from_mangled", undo_from_mangling},
    {"long_line_wrapped", undo_line_wrapping},
    {"tabs_expanded", with_tabs_as_spaces},
    {"reencoded_quoted_printable", from_quoted_printable},
    {"reencoded_base64", from_base64},
    {"charset_to_latin1", from_latin1},
    {"charset_to_utf8", to_latin1},
}};

constexpr std::size_t kBlock = 100;  // lines that a footer may have

struct Spaces {
  std::size_t begin, end, line;
};

class BodyExplainer {
 public:
  BodyExplainer(const message::Message& mail, const Signature& signature, Budget& budget)
      : body_(mail.body()), signature_(signature), budget_(budget) {}

  std::optional<Explanation> explain() {
    if (auto found = without_added_spaces()) return found;
    if (auto found = of_nothing()) return found;
    if (auto found = as_signers_get_it_wrong()) return found;
    for (const Suspect& suspect : kSuspects)
      if (restores(suspect.undo(body_))) return Explanation{suspect.what};
    if (signature_.length) return std::nullopt;
    if (auto found = without_lines_near_the_end()) return found;
    if (auto found = without_lines_at_the_top()) return found;
    return without_lines_at_a_boundary();
  }

 private:
  bool restores(std::string_view body) {
    if (body == body_ || !budget_.take(body.size())) return false;
    return hash_body(body, signature_.hash, signature_.body_canonicalization, signature_.length).digest ==
           signature_.body_hash;
  }
  bool is_hash_of(std::string_view octets) {
    return budget_.take(octets.size()) && hash_of(octets, signature_.hash) == signature_.body_hash;
  }

  // White space at line ends, which simple canonicalization keeps: of all lines, or of one.
  std::optional<Explanation> without_added_spaces() {
    constexpr std::size_t kLines = 8;
    constexpr std::size_t kOctets = 64U << 10;
    if (signature_.body_canonicalization == Canonicalization::relaxed) return std::nullopt;
    std::string stripped;
    std::vector<Spaces> found;
    std::size_t line = 0;
    for (std::size_t begin = 0; begin < body_.size();) {
      const auto end = std::min(body_.find("\r\n", begin), body_.size());
      const auto next = std::min(end + 2, body_.size());
      auto text_end = end;
      while (text_end > begin && (body_[text_end - 1] == ' ' || body_[text_end - 1] == '\t')) --text_end;
      ++line;
      if (text_end < end) found.push_back({text_end, end, line});
      stripped.append(body_, begin, text_end - begin).append(body_, end, next - end);
      begin = next;
    }
    if (found.empty()) return std::nullopt;
    if (restores(stripped)) return spaces_at(found.front().line);
    if (found.size() == 1 || body_.size() > kOctets) return std::nullopt;
    for (std::size_t i = 0; i < std::min(found.size(), kLines); ++i)
      if (restores(std::string(body_).erase(found[i].begin, found[i].end - found[i].begin)))
        return spaces_at(found[i].line);
    return std::nullopt;
  }

  static Explanation spaces_at(std::size_t line) {
    Explanation found{"trailing_white_space"};
    found.line = line;
    return found;
  }

  // Nothing was signed, and lines stand there now.
  std::optional<Explanation> of_nothing() {
    if (signature_.length) return std::nullopt;
    const bool relaxed = signature_.body_canonicalization == Canonicalization::relaxed;
    if (!is_hash_of(relaxed ? "" : "\r\n")) return std::nullopt;
    const std::string text = canonical();
    const auto starts = line_starts(text);
    return starts.size() < 2 ? std::nullopt : std::optional(block(text, starts, 0, starts.size() - 1));
  }

  // The body is as it was sent; the signer hashed it otherwise than it says.
  std::optional<Explanation> as_signers_get_it_wrong() {
    const auto other = signature_.body_canonicalization == Canonicalization::simple
                           ? Canonicalization::relaxed
                           : Canonicalization::simple;
    if (budget_.take(body_.size()) &&
        hash_body(body_, signature_.hash, other, signature_.length).digest == signature_.body_hash)
      return Explanation{"other_canonicalization", {}, std::string(to_string(other))};
    if (is_hash_of(body_)) return Explanation{"not_canonicalized"};
    if (is_hash_of(without_trailing_lines(body_, signature_.body_canonicalization)))
      return Explanation{"final_line_end_missing"};
    if (is_hash_of(with_line_feeds(canonical()))) return Explanation{"line_endings"};
    if (is_hash_of("")) return Explanation{"empty_body_hashed"};
    return std::nullopt;
  }

  // A list's footer, in the last part before its closing boundary or after everything: a block of lines is
  // left out, up to three lines after it kept. What stands before is hashed once.
  std::optional<Explanation> without_lines_near_the_end() {
    constexpr std::size_t kTail = 3;
    const std::string text = canonical();
    const auto starts = line_starts(text);
    const std::size_t count = starts.size() - 1;
    const std::size_t first = count > kBlock + kTail ? count - kBlock - kTail : 0;
    if (count == 0 || !budget_.take(text.size())) return std::nullopt;
    Digest prefix(signature_.hash);
    prefix.update(std::string_view(text).substr(0, starts[first]));
    for (std::size_t i = first; i < count; ++i) {
      for (std::size_t tail = 0; tail <= kTail && i + tail < count; ++tail) {
        const std::size_t end = count - tail;
        const bool ends_empty = i > 0 && tail == 0 && is_empty_line(text, starts, i - 1);
        if (ends_empty || end - i > kBlock || !budget_.take(text.size() - starts[end])) continue;
        Digest digest(prefix);
        digest.update(std::string_view(text).substr(starts[end]));
        if (digest.finish() == signature_.body_hash) return block(text, starts, i, end);
      }
      prefix.update(std::string_view(text).substr(starts[i], starts[i + 1] - starts[i]));
    }
    return std::nullopt;
  }

  // A banner ("this mail came from outside").
  std::optional<Explanation> without_lines_at_the_top() {
    constexpr std::size_t kBanner = 12;
    const std::string text = canonical();
    const auto starts = line_starts(text);
    for (std::size_t lines = 1; lines <= kBanner && lines < starts.size(); ++lines)
      if (is_hash_of(std::string_view(text).substr(starts[lines]))) return block(text, starts, 0, lines);
    return std::nullopt;
  }

  // A footer at the end of a part that is not the last.
  std::optional<Explanation> without_lines_at_a_boundary() {
    constexpr int kBoundaries = 6;
    const std::string text = canonical();
    const auto starts = line_starts(text);
    const std::string_view all = text;
    int boundaries = 0;
    for (std::size_t end = 2; end + 1 < starts.size() && boundaries < kBoundaries; ++end) {
      if (all.substr(starts[end], 2) != "--") continue;
      ++boundaries;
      for (std::size_t begin = end - 1; begin > 0 && end - begin <= kBlock; --begin) {
        if (!budget_.take(all.size())) return std::nullopt;
        Digest digest(signature_.hash);
        digest.update(all.substr(0, starts[begin]));
        digest.update(all.substr(starts[end]));
        if (digest.finish() == signature_.body_hash) return block(text, starts, begin, end);
      }
    }
    return std::nullopt;
  }

  std::string canonical() const {
    std::string text;
    canonical_body(body_, signature_.body_canonicalization,
                   [&](std::string_view piece) { text.append(piece); });
    return text;
  }

  // Of each line, and the end of the text.
  static std::vector<std::size_t> line_starts(std::string_view text) {
    std::vector<std::size_t> starts{0};
    for (auto at = text.find("\r\n"); at != std::string_view::npos; at = text.find("\r\n", at + 2))
      starts.push_back(at + 2);
    return starts;
  }

  static bool is_empty_line(std::string_view text, const std::vector<std::size_t>& starts, std::size_t line) {
    return text.substr(starts[line], 2) == "\r\n";
  }

  static Explanation block(std::string_view text, const std::vector<std::size_t>& starts, std::size_t from,
                           std::size_t to) {
    Explanation found{"lines_inserted"};
    found.after = text.substr(starts[from], starts[to] - starts[from]);
    found.line = from + 1;
    found.lines = to - from;
    return found;
  }

  std::string_view body_;
  const Signature& signature_;
  Budget& budget_;
};

}  // namespace

std::optional<Explanation> explain_body(const message::Message& mail, const Signature& signature,
                                        Budget& budget) {
  return BodyExplainer(mail, signature, budget).explain();
}

}  // namespace mailassay::dkim
