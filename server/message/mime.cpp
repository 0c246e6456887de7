#include "message/mime.h"

#include "message/charset.h"
#include "message/html_text.h"
#include "message/parameters.h"
#include "message/transfer_encoding.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

namespace mailassay::message {
namespace {

constexpr int kMaxDepth = 20;
constexpr std::size_t kMaxParts = 1000;
constexpr std::size_t kMaxText = 1 << 20;
constexpr std::size_t kMaxMarkup = 4 << 20;  // of HTML that is looked at
constexpr std::size_t kMaxLinks = 200;
constexpr std::size_t kMaxUrl = 2000;
constexpr std::size_t kMaxBoundary = 200;  // RFC 2046 section 5.1.1 allows 70

// The fields that describe an entity, as they came.
struct Description {
  std::string_view type;
  std::string_view transfer_encoding;
  std::string_view disposition;
};

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

void describe(std::string_view name, std::string_view value, Description& description) {
  std::string_view* place = same_word(name, "content-type")                ? &description.type
                            : same_word(name, "content-transfer-encoding") ? &description.transfer_encoding
                            : same_word(name, "content-disposition")       ? &description.disposition
                                                                           : nullptr;
  if (place && place->empty()) *place = trimmed(value);
}

// The length of the field at the start of text, folds and line end included.
std::size_t field_length(std::string_view text) {
  std::size_t end = 0;
  do {
    end = text.find('\n', end);
    if (end == std::string_view::npos) return text.size();
    ++end;
  } while (end < text.size() && (text[end] == ' ' || text[end] == '\t'));
  return end;
}

// Reads a part's header and takes it off, with the empty line that ends it.
Description take_header(std::string_view& entity) {
  Description description;
  while (!entity.empty()) {
    const std::string_view field = entity.substr(0, field_length(entity));
    entity.remove_prefix(field.size());
    if (trimmed(field).empty()) break;
    const auto colon = field.find(':');
    if (colon != std::string_view::npos)
      describe(trimmed(field.substr(0, colon)), field.substr(colon + 1), description);
  }
  return description;
}

// Cuts a multipart body at its delimiter lines (RFC 2046 section 5.1.1).
class Delimiters {
 public:
  Delimiters(std::string_view body, const std::string& boundary) : body_(body), mark_("--" + boundary) {
    step_to(find(0));  // what stands before the first one is no part
  }

  // The next part's octets; nothing after the last. A missing final delimiter ends with the body.
  std::optional<std::string_view> next() {
    if (!open_) return std::nullopt;
    const auto line = find(content_);
    std::string_view part = body_.substr(content_, line ? line->start - content_ : std::string_view::npos);
    if (line && part.ends_with('\n')) part.remove_suffix(1);  // this line end belongs to the delimiter
    if (line && part.ends_with('\r')) part.remove_suffix(1);
    step_to(line);
    return part;
  }

 private:
  struct Line {
    std::size_t start;
    std::size_t after;
    bool closing;
  };

  std::optional<Line> find(std::size_t from) const {
    for (std::size_t at = from; (at = body_.find(mark_, at)) != std::string_view::npos; ++at) {
      if (at > 0 && body_[at - 1] != '\n') continue;
      const std::size_t end = std::min(body_.find('\n', at), body_.size());
      const auto rest = trimmed(body_.substr(at + mark_.size(), end - at - mark_.size()));
      if (rest.empty() || rest == "--") return Line{at, std::min(end + 1, body_.size()), !rest.empty()};
    }
    return std::nullopt;
  }

  void step_to(const std::optional<Line>& line) {
    open_ = line && !line->closing;
    if (open_) content_ = line->after;
  }

  std::string_view body_;
  std::string mark_;
  std::size_t content_ = 0;  // where the current part begins
  bool open_ = false;
};

void walk(const Description& description, std::string_view body, int depth, std::vector<Part>& leaves) {
  if (leaves.size() >= kMaxParts) return;
  const auto type = parse_parameters(description.type);
  const auto boundary = type.parameter("boundary");
  if (type.value.starts_with("multipart/") && !boundary.empty() && boundary.size() <= kMaxBoundary &&
      depth < kMaxDepth) {
    Delimiters delimiters(body, boundary);
    const std::size_t before = leaves.size();
    while (auto entity = delimiters.next()) {
      const Description inner = take_header(*entity);
      walk(inner, *entity, depth + 1, leaves);
    }
    if (leaves.size() > before) return;
  }
  const auto disposition = parse_parameters(description.disposition);
  Part part;
  // A multipart without a single part is shown as the text it is.
  if (type.value.find('/') != std::string::npos && !type.value.starts_with("multipart/"))
    part.type = type.value;
  part.charset = type.parameter("charset");
  part.name = disposition.parameter("filename");
  if (part.name.empty()) part.name = type.parameter("name");
  part.transfer_encoding = description.transfer_encoding;
  part.attached = disposition.value == "attachment";
  part.body = body;
  leaves.push_back(std::move(part));
}

// The URL at the start of text, without the punctuation that ends a sentence.
std::string_view url_at(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '"' || c == 0x7f;
  });
  auto url = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  while (!url.empty() && std::string_view(".,;:!?)'").find(url.back()) != std::string_view::npos)
    url.remove_suffix(1);
  return url;
}

void find_links(std::string_view text, std::vector<std::string>& links) {
  for (std::size_t at = 0; (at = text.find("://", at)) != std::string_view::npos; at += 3) {
    for (const std::string_view scheme : {"https", "http"}) {
      if (at < scheme.size() || !same_word(text.substr(at - scheme.size(), scheme.size()), scheme)) continue;
      const auto url = url_at(text.substr(at - scheme.size()).substr(0, kMaxUrl + 1));
      if (url.size() > scheme.size() + 3 && url.size() <= kMaxUrl) links.emplace_back(url);
      break;
    }
    if (links.size() >= 10 * kMaxLinks) return;  // repeats are dropped later
  }
}

void keep_first_of_each(std::vector<std::string>& links) {
  std::unordered_set<std::string> seen;
  std::erase_if(
      links, [&](const std::string& link) { return seen.size() >= kMaxLinks || !seen.insert(link).second; });
}

std::string with_lf(std::string text) {
  std::erase(text, '\r');
  return text;
}

void append(std::string_view text, Reading& reading) {
  text = trimmed(text);
  if (text.empty()) return;
  if (!reading.text.empty()) reading.text += "\n\n";
  reading.text += text;
}

// Within the bound, at a character.
void bound(Reading& reading) {
  if (reading.text.size() <= kMaxText) return;
  std::size_t end = kMaxText;
  while (end > 0 && (static_cast<unsigned char>(reading.text[end]) & 0xc0) == 0x80) --end;
  reading.text.resize(end);
  reading.cut = true;
}

std::string utf8_of(const Part& part, std::size_t limit, Reading& reading) {
  const auto octets = decode_transfer(part.transfer_encoding, part.body, limit + 1);
  if (octets.size() > limit) reading.cut = true;
  return to_readable_utf8(part.charset, octets, limit + 4);
}

}  // namespace

std::vector<Part> parts(const Message& mail) {
  Description description;
  for (const Field& field : mail.fields()) describe(field.name, field.value, description);
  std::vector<Part> leaves;
  walk(description, mail.body(), 0, leaves);
  return leaves;
}

Reading decoded_text(const Message& mail) {
  Reading reading;
  Reading html;
  for (const Part& part : parts(mail)) {
    const bool plain = part.type == "text/plain" && !part.attached;
    if (plain && reading.text.size() < kMaxText) {
      const std::string text = with_lf(utf8_of(part, kMaxText, reading));
      find_links(text, reading.links);
      append(text, reading);
    } else if (part.type == "text/html" && !part.attached && html.text.size() < kMaxText) {
      append(html_to_text(utf8_of(part, kMaxMarkup, html), html.links), html);
    } else {
      reading.attachments.push_back({part.name, part.type, decoded_size(part.transfer_encoding, part.body)});
    }
  }
  if (reading.text.empty() && !html.text.empty()) {
    reading.text = std::move(html.text);
    reading.cut = html.cut;
    reading.from_html = true;
  }
  reading.links.insert(reading.links.end(), html.links.begin(), html.links.end());
  keep_first_of_each(reading.links);
  bound(reading);
  return reading;
}

}  // namespace mailassay::message
