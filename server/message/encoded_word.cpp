#include "message/encoded_word.h"

#include "message/charset.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace mailassay::message {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool same_charset(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? x + 32 : x) == (y >= 'A' && y <= 'Z' ? y + 32 : y);
  });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

std::optional<std::string> decode_q(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      octets += text[i] == '_' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    octets += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return octets;
}

std::optional<std::string> decode_b(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::string octets;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets += static_cast<char>(bits >> count & 0xff);
  }
  return octets;
}

struct Word {
  std::string_view written;  // "=?charset?Q?text?="
  std::string_view charset;
  std::string octets;
};

// The word at the start of text; nothing if there is none.
std::optional<Word> word_at(std::string_view text) {
  if (text.substr(0, 2) != "=?") return std::nullopt;
  const auto charset_end = text.find('?', 2);
  if (charset_end == std::string_view::npos || charset_end + 2 >= text.size()) return std::nullopt;
  if (text[charset_end + 2] != '?') return std::nullopt;
  // The text holds no "?", so the next one ends it: looking farther would read a long field again and again.
  const auto end = text.find('?', charset_end + 3);
  if (end == std::string_view::npos || text.substr(end, 2) != "?=") return std::nullopt;
  const auto encoded = text.substr(charset_end + 3, end - charset_end - 3);
  if (std::any_of(encoded.begin(), encoded.end(), is_space)) return std::nullopt;
  auto charset = text.substr(2, charset_end - 2);
  charset = charset.substr(0, charset.find('*'));  // RFC 2231 section 5: a language
  if (charset.empty() || charset.find('\0') != std::string_view::npos) return std::nullopt;
  const char encoding = text[charset_end + 1];
  auto octets = encoding == 'Q' || encoding == 'q'   ? decode_q(encoded)
                : encoding == 'B' || encoding == 'b' ? decode_b(encoded)
                                                     : std::nullopt;
  if (!octets) return std::nullopt;
  return Word{text.substr(0, end + 2), charset, std::move(*octets)};
}

// The words at the start of text that share a charset, with nothing but white space between them.
std::vector<Word> run_at(std::string_view text) {
  std::vector<Word> run;
  for (std::size_t at = 0; at < text.size();) {
    auto word = word_at(text.substr(at));
    if (!word || (!run.empty() && !same_charset(word->charset, run.front().charset))) break;
    at += word->written.size();
    at += std::min(text.substr(at).find_first_not_of(' '), text.size() - at);
    run.push_back(std::move(*word));
  }
  return run;
}

// RFC 2047 section 5 wants whole characters in each word; senders that cut a text by octets don't care.
std::optional<std::string> decode_joined(const std::vector<Word>& run) {
  std::string octets;
  for (const auto& word : run) octets += word.octets;
  return to_utf8(run.front().charset, octets);
}

class Text {
 public:
  void add(std::string_view text) { text_ += text; }
  // White space between two words is no part of the text.
  void add_decoded(std::string_view word) {
    if (word_end_ != std::string::npos && text_.find_first_not_of(' ', word_end_) == std::string::npos)
      text_.resize(word_end_);
    text_ += word;
    word_end_ = text_.size();
  }
  void add(const std::vector<Word>& run) {
    if (const auto joined = decode_joined(run)) return add_decoded(*joined);
    const char* end = run.front().written.data();
    for (const auto& word : run) {
      add(std::string_view(end, static_cast<std::size_t>(word.written.data() - end)));
      if (const auto decoded = to_utf8(word.charset, word.octets))
        add_decoded(*decoded);
      else
        add(word.written);
      end = word.written.data() + word.written.size();
    }
  }
  std::string take() && { return std::move(text_); }

 private:
  std::string text_;
  std::size_t word_end_ = std::string::npos;  // where text_ ended when the last word was decoded
};

}  // namespace

std::string unfold(std::string_view value) {
  std::string line;
  line.reserve(value.size());
  for (const char c : value)
    if (c != '\r' && c != '\n') line += c == '\t' ? ' ' : c;
  const auto first = line.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

std::string decode_encoded_words(std::string_view value) {
  const auto line = unfold(value);
  std::string_view rest = line;
  if (rest.find("=?") == std::string_view::npos) return line;
  Text text;
  while (!rest.empty()) {
    const auto run = run_at(rest);
    if (run.empty()) {
      text.add(rest.substr(0, 1));
      rest.remove_prefix(1);
    } else {
      text.add(run);
      const auto& last = run.back().written;
      rest.remove_prefix(static_cast<std::size_t>(last.data() + last.size() - rest.data()));
    }
  }
  return std::move(text).take();
}

}  // namespace mailassay::message
