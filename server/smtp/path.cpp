#include "smtp/path.h"

namespace mailassay::smtp {
namespace {

constexpr std::string_view white_space = " \t";

// The first octet of `ends` outside a quoted string (RFC 5321 section 4.1.2: quoted pairs count); npos if
// there is none.
std::size_t find_unquoted(std::string_view text, std::string_view ends) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && ends.find(text[i]) != std::string_view::npos) {
      return i;
    }
  }
  return std::string_view::npos;
}

// A quote that never closes is not a quote.
std::size_t find_end(std::string_view text, std::string_view ends) {
  const auto unquoted = find_unquoted(text, ends);
  return unquoted != std::string_view::npos ? unquoted : text.find_first_of(ends);
}

// "@one,@two:user@three" is a route and a mailbox.
void split_source_route(std::string_view inside, Path& path) {
  const auto colon = inside.starts_with('@') ? inside.find(':') : std::string_view::npos;
  if (colon == std::string_view::npos) {
    path.mailbox = inside;
  } else {
    path.source_route = inside.substr(0, colon);
    path.mailbox = inside.substr(colon + 1);
  }
}

}  // namespace

std::optional<PathAndRest> read_path(std::string_view text, std::string* fault) {
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  if (text.empty()) {
    *fault = "the address is missing";
    return std::nullopt;
  }
  PathAndRest result;
  result.path.bracketed = text.front() == '<';
  if (!result.path.bracketed) {
    const auto end = std::min(find_end(text, white_space), text.size());
    split_source_route(text.substr(0, end), result.path);
    result.rest = text.substr(end);
    return result;
  }
  text.remove_prefix(1);
  const auto end = find_end(text, ">");
  if (end == std::string_view::npos) {
    *fault = "the \"<\" is never closed by \">\"";
    return std::nullopt;
  }
  split_source_route(text.substr(0, end), result.path);
  result.rest = text.substr(end + 1);
  return result;
}

std::string mask_local_parts(std::string_view line) {
  std::string masked;
  for (auto at = line.rfind('@'); at != std::string_view::npos;) {
    const auto before = line.substr(0, at).find_last_of("<:, \t");
    const auto start = before == std::string_view::npos ? 0 : before + 1;
    masked.insert(0, line.substr(at));
    if (start < at) masked.insert(0, "\xE2\x80\xA6");
    line = line.substr(0, start);
    at = line.rfind('@');
  }
  return std::string(line) + masked;
}

}  // namespace mailassay::smtp
