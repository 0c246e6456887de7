#include "http/mask_text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailassay::http {
namespace {

constexpr std::size_t kLongestComment = 1000;  // beyond it the search back would cost too much
constexpr std::size_t npos = std::string_view::npos;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (auto& c : result) c = lower(c);
  return result;
}

bool is_alnum(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// atext of RFC 5322 section 3.2.3 and RFC 6532, and the dot between its runs.
bool is_local(char c) {
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != npos;
}

std::size_t backslashes_before(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (count < at && text[at - count - 1] == '\\') ++count;
  return count;
}

// Where the quoted string that closes at `close` begins. In a comment or a quoted parameter both its quotes
// are escaped alike. The start of the text if it was never opened.
std::size_t quote_begin(std::string_view text, std::size_t close) {
  const auto depth = backslashes_before(text, close);
  for (std::size_t at = close - depth; at > 0; --at)
    if (text[at - 1] == '"' && backslashes_before(text, at - 1) == depth) return at - 1 - depth;
  return 0;
}

// RFC 5322 section 4.4: comments and spaces may stand before the @.
std::size_t without_cfws(std::string_view text, std::size_t end) {
  while (end > 0) {
    if (is_space(text[end - 1])) {
      --end;
      continue;
    }
    if (text[end - 1] != ')') break;
    const auto start = end > kLongestComment ? end - kLongestComment : 0;
    const auto open = text.substr(start, end - start).rfind('(');
    if (open == npos) break;
    end = start + open;
  }
  return end;
}

// Where the local part that ends at `end` begins.
std::size_t local_begin(std::string_view text, std::size_t end) {
  std::size_t at = end;
  while (at > 0) {
    if (is_local(text[at - 1])) {
      --at;
      continue;
    }
    // obs-local-part: quoted and plain words with dots between them.
    const bool closes_word = text[at - 1] == '"' && (at == end || text[at] == '.');
    if (!closes_word) break;
    at = quote_begin(text, at - 1);
    if (at == 0 || text[at - 1] != '.') break;
  }
  return at;
}

// "smtp.mailfrom=bounce@example.com": what stands before the = is ours, though = may be in a local part.
std::size_t without_keyword(std::string_view text, std::size_t begin) {
  constexpr std::array<std::string_view, 9> kKeywords = {
      "smtp.mailfrom=", "smtp.rcptto=", "smtp.auth=", "header.from=", "header.sender=", "header.i=",
      "from=",          "auth=",        "i="};
  const auto start = lower(text.substr(begin, 16));
  for (const auto keyword : kKeywords)
    if (start.starts_with(keyword)) return begin + keyword.size();
  return begin;
}

struct Range {
  std::size_t begin, end;
};

// The local part before the @ (or %40) at `at`, nothing if there is none.
Range local_part_before(std::string_view text, std::size_t at, std::size_t after) {
  const auto rest = text.substr(after);
  const auto next = std::ranges::find_if_not(rest, is_space);
  const bool domain =
      next != rest.end() && (is_alnum(*next) || *next == '[' || *next == '(' || (*next & 0x80) != 0);
  auto end = without_cfws(text, at);
  if (end != at && !domain) end = at;
  auto begin = without_keyword(text, local_begin(text, end));
  if (begin >= end) return {at, at};
  // "%{l}@%{o}" in a published record names nobody.
  const bool macro = text[end - 1] == '}' && text.substr(begin, end - begin).find("%{") != npos;
  if (macro && rest.starts_with("%{")) return {at, at};
  return {begin, at};
}

std::vector<Range> local_parts(std::string_view text) {
  std::vector<Range> found;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool url =
        text[at] == '%' && text.substr(at, 3) == "%40" && at + 3 < text.size() && is_alnum(text[at + 3]);
    if (text[at] != '@' && !url) continue;
    auto range = local_part_before(text, at, at + (url ? 3 : 1));
    if (range.begin == range.end) continue;
    // A quoted local part may hold an @ of its own.
    for (; !found.empty() && found.back().end > range.begin; found.pop_back())
      range.begin = std::min(range.begin, found.back().begin);
    found.push_back(range);
  }
  return found;
}

}  // namespace

std::string mask_local_parts(std::string_view text) {
  std::string masked;
  std::size_t told = 0;
  for (const auto& [begin, end] : local_parts(text)) {
    masked.append(text.substr(told, begin - told)).append("***");
    told = end;
  }
  return masked.append(text.substr(told));
}

std::string replace_each(std::string_view text, std::string_view secret, std::string_view by, Where where) {
  if (secret.empty()) return std::string(text);
  const auto searched = lower(text), sought = lower(secret);
  const auto stands_alone = [&](std::size_t at) {
    const auto end = at + sought.size();
    return (at == 0 || !is_alnum(text[at - 1])) && (end == text.size() || !is_alnum(text[end]));
  };
  std::string replaced;
  std::size_t told = 0;
  for (auto at = searched.find(sought); at != npos;) {
    if (where == Where::whole_words && !stands_alone(at)) {
      at = searched.find(sought, at + 1);
      continue;
    }
    replaced.append(text.substr(told, at - told)).append(by);
    told = at + sought.size();
    at = searched.find(sought, told);
  }
  return replaced.append(text.substr(told));
}

}  // namespace mailassay::http
