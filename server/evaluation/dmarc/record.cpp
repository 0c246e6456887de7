#include "evaluation/dmarc/record.h"

#include <algorithm>
#include <charconv>

namespace mailassay::dmarc {
namespace {

bool is_wsp(char c) {
  return c == ' ' || c == '\t';
}

bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_wsp(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_wsp(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return result;
}

std::optional<Policy> parse_policy(std::string_view value) {
  const auto word = lower_case(value);
  if (word == "none") return Policy::none;
  if (word == "quarantine") return Policy::quarantine;
  if (word == "reject") return Policy::reject;
  return std::nullopt;
}

// RFC 3986's characters, less those that a DMARC URI must encode (section 4.8).
bool is_uri_character(char c) {
  constexpr std::string_view kOthers = "-._~:/?#[]@$&'()*+;=%";
  return is_alpha(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
}

bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto scheme = text.substr(0, colon);
  const auto in_scheme = [](char c) {
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  };
  if (!is_alpha(scheme[0]) || !std::all_of(scheme.begin(), scheme.end(), in_scheme)) return false;
  const auto rest = text.substr(colon + 1);
  if (!std::all_of(rest.begin(), rest.end(), is_uri_character)) return false;
  if (lower_case(scheme) != "mailto") return true;
  const auto address = rest.substr(0, rest.find('?'));
  const auto at = address.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < address.size();
}

// "!10m" at the end of a URI, obsolete (section 4.8).
std::string_view without_size(std::string_view uri) {
  const auto mark = uri.rfind('!');
  if (mark == std::string_view::npos || mark + 1 == uri.size()) return uri;
  auto size = uri.substr(mark + 1);
  constexpr std::string_view kUnits = "kmgtKMGT";
  if (size.size() > 1 && kUnits.find(size.back()) != std::string_view::npos) size.remove_suffix(1);
  return std::all_of(size.begin(), size.end(), is_digit) ? uri.substr(0, mark) : uri;
}

class Reader {
 public:
  explicit Reader(Record& record) : record_(record) {}

  void read(std::string_view part) {
    const auto tag = trim(part);
    if (tag.empty()) return;
    const auto equals = tag.find('=');
    const auto name = trim(tag.substr(0, equals));
    if (equals == std::string_view::npos || name.empty() || !std::all_of(name.begin(), name.end(), is_alpha))
      return fault({}, tag, "malformed_tag");
    const auto value = trim(tag.substr(equals + 1));
    const auto key = lower_case(name);
    const bool seen = std::any_of(record_.tags.begin(), record_.tags.end(),
                                  [&](const Tag& other) { return lower_case(other.name) == key; });
    record_.tags.push_back({std::string(name), std::string(value)});
    if (seen) return fault(key, value, "duplicate_tag");
    const auto printable = [](char c) { return c >= 0x20 && c <= 0x7e; };
    if (value.empty() || !std::all_of(value.begin(), value.end(), printable)) bad(key, value);
    apply(key, value);
  }

 private:
  void fault(std::string_view tag, std::string_view value, std::string_view cause) {
    record_.faults.push_back({std::string(tag), std::string(value), std::string(cause)});
  }

  void bad(std::string_view key, std::string_view value) { fault(key, value, "bad_value"); }

  void apply(std::string_view key, std::string_view value) {
    if (key == "p" || key == "sp" || key == "np") return policy(key, value);
    if (key == "adkim") return choice(key, value, "rs", [&](char c) { record_.strict_dkim = c == 's'; });
    if (key == "aspf") return choice(key, value, "rs", [&](char c) { record_.strict_spf = c == 's'; });
    if (key == "t") return choice(key, value, "yn", [&](char c) { record_.testing = c == 'y'; });
    if (key == "psd")
      return choice(key, value, "ynu", [&](char c) {
        record_.psd = c == 'y' ? Psd::y : c == 'n' ? Psd::n : Psd::u;
      });
    if (key == "rua") return uris(key, value, record_.rua);
    if (key == "ruf") return uris(key, value, record_.ruf);
    if (key == "fo") return failure_options(value);
    if (key == "pct") return percentage(value);
    fault(key, value, key == "rf" || key == "ri" ? "historic_tag" : "unknown_tag");
  }

  void policy(std::string_view key, std::string_view value) {
    const auto policy = parse_policy(value);
    (key == "p" ? record_.p : key == "sp" ? record_.sp : record_.np) = policy;
    if (policy) return;
    if (key == "sp") record_.bad_sp = true;
    if (key == "np") record_.bad_np = true;
    if (!value.empty()) once_bad(key, value);
  }

  template <typename Set>
  void choice(std::string_view key, std::string_view value, std::string_view allowed, Set set) {
    const auto word = lower_case(value);
    if (word.size() == 1 && allowed.find(word[0]) != std::string_view::npos) return set(word[0]);
    if (!value.empty()) once_bad(key, value);
  }

  void uris(std::string_view key, std::string_view value, std::vector<std::string>& into) {
    while (!value.empty()) {
      const auto comma = value.find(',');
      const auto written = trim(value.substr(0, comma));
      const auto uri = without_size(written);
      if (uri.size() != written.size()) fault(key, written, "size_limit");
      if (is_uri(uri))
        into.emplace_back(uri);
      else
        fault(key, written, "bad_uri");
      value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
    }
  }

  void failure_options(std::string_view value) {
    const auto options = lower_case(value);
    for (std::size_t i = 0; i < options.size(); ++i) {
      const bool option = std::string_view("01ds").find(options[i]) != std::string_view::npos;
      if (i % 2 == 0 ? !option : options[i] != ':') return once_bad("fo", value);
    }
    if (options.size() % 2 == 0) return once_bad("fo", value);
    record_.fo = options;
  }

  void percentage(std::string_view value) {
    int percent = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), percent);
    const bool whole = error == std::errc() && end == value.data() + value.size();
    if (!whole || percent < 0 || percent > 100) return once_bad("pct", value);
    record_.pct = percent;
    fault("pct", value, "historic_tag");
  }

  // The same tag is told once, also where its characters were bad already.
  void once_bad(std::string_view key, std::string_view value) {
    if (record_.faults.empty() || record_.faults.back().tag != key) bad(key, value);
  }

  Record& record_;
};

bool is_version(std::string_view part) {
  const auto equals = part.find('=');
  if (equals == std::string_view::npos || part.empty() || is_wsp(part[0])) return false;
  return lower_case(trim(part.substr(0, equals))) == "v" && trim(part.substr(equals + 1)) == "DMARC1";
}

}  // namespace

std::string_view to_string(Policy policy) {
  return policy == Policy::reject ? "reject" : policy == Policy::quarantine ? "quarantine" : "none";
}

Policy lower(Policy policy) {
  return policy == Policy::reject ? Policy::quarantine : Policy::none;
}

std::optional<Record> parse_record(std::string_view text) {
  auto end = text.find(';');
  if (!is_version(text.substr(0, end))) return std::nullopt;
  Record record;
  record.text = text;
  record.tags.push_back({"v", "DMARC1"});
  Reader reader(record);
  while (end != std::string_view::npos) {
    const auto start = end + 1;
    end = text.find(';', start);
    reader.read(text.substr(start, end == std::string_view::npos ? end : end - start));
  }
  return record;
}

std::string host_of_uri(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos) return {};
  auto rest = uri.substr(colon + 1);
  if (lower_case(uri.substr(0, colon)) == "mailto") {
    rest = rest.substr(0, rest.find('?'));
    const auto at = rest.rfind('@');
    return at == std::string_view::npos ? std::string() : lower_case(rest.substr(at + 1));
  }
  if (rest.substr(0, 2) != "//") return {};
  rest = rest.substr(2);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  const auto at = rest.rfind('@');
  if (at != std::string_view::npos) rest = rest.substr(at + 1);
  return lower_case(rest.substr(0, rest.find(':')));
}

}  // namespace mailassay::dmarc
