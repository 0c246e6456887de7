// A report full of the input's strings as an Authentication-Results field: whatever they hold, a reader of
// RFC 8601's grammar finds the report's methods with their results and values, and nothing else.
#include "evaluation/authentication_results.h"

#include "fuzz/require.h"
#include "trace/json.h"

#include <cstdint>
#include <optional>

using namespace mailassay;
using fuzz::require;

namespace {

// What may stand between quotes: control characters and broken UTF-8 are replaced.
std::string printable(std::string_view text) {
  std::string result = trace::valid_utf8(text);
  for (char& c : result)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return result;
}

// Reads our field, written apart from its writer and strictly.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool skip(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  std::string name() { return take("abcdefghijklmnopqrstuvwxyz-."); }
  std::string value() {
    if (!skip("\"")) return take(kUnquoted);
    std::string text;
    while (!skip("\"")) {
      skip("\\");
      require(!rest_.empty() && static_cast<unsigned char>(rest_[0]) >= 0x20 && rest_[0] != 0x7f);
      text += rest_[0];
      rest_.remove_prefix(1);
    }
    return text;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  // Nothing here ends a value, begins a comment or folds.
  static constexpr std::string_view kUnquoted =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-./=?@^_`{|}~";

  std::string take(std::string_view allowed) {
    const auto end = std::min(rest_.find_first_not_of(allowed), rest_.size());
    const std::string text(rest_.substr(0, end));
    require(!text.empty());
    rest_.remove_prefix(end);
    return text;
  }

  std::string_view rest_;
};

class Strings {
 public:
  explicit Strings(std::string_view input) : rest_(input) {}
  // The next piece up to a NUL; an octet 0x01 in it stands for NUL.
  std::string next() {
    const auto end = std::min(rest_.find('\0'), rest_.size());
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    for (char& c : text)
      if (c == 1) c = '\0';
    return text;
  }

 private:
  std::string_view rest_;
};

evaluation::Report report_of(Strings& strings) {
  using evaluation::Result;
  evaluation::Report report;
  report.connection.ip = net::IpAddress::parse("2001:db8::1");
  report.connection.envelope.helo = strings.next();
  report.connection.envelope.mail_from = strings.next();
  report.iprev = iprev::Outcome{Result::fail, {}, strings.next()};
  report.spf = spf::Outcome{.result = Result::softfail, .cause = strings.next()};
  report.spf_helo = spf::Outcome{.result = Result::none};
  report.dkim.emplace(2);
  for (auto& signature : *report.dkim) {
    signature.result = Result::permerror;
    signature.domain = strings.next();
    signature.selector = strings.next();
    signature.identity = strings.next();
    signature.algorithm = strings.next();
    signature.signature = strings.next();
    signature.cause = strings.next();
  }
  report.dmarc.emplace();
  report.dmarc->rfc9989.result = Result::temperror;
  report.dmarc->rfc9989.from_domain = strings.next();
  return report;
}

// A value that fits no line is left out; one that does not fit this line stands on the next.
void read_property(Reader& reader, std::string_view name, std::string_view value) {
  constexpr std::size_t kLine = 990;
  if (value.empty() || name.size() + evaluation::property_value(value).size() + 2 > kLine) return;
  require((reader.skip(" ") || reader.skip("\r\n\t")) && reader.name() == name && reader.skip("="));
  require(reader.value() == printable(value));
}

void read_method(Reader& reader, std::string_view name, std::string_view result, std::string_view reason) {
  require(reader.skip(";\r\n\t") && reader.name() == name && reader.skip("=") && reader.name() == result);
  read_property(reader, "reason", reason);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Strings strings({reinterpret_cast<const char*>(data), size});
  const auto receiver = strings.next();
  const auto report = report_of(strings);
  const auto& envelope = report.connection.envelope;
  const auto field = evaluation::authentication_results(report, receiver);
  Reader reader(field);
  require(reader.value() == printable(receiver));
  require(evaluation::authserv_id(field) == printable(receiver));
  read_method(reader, "iprev", "fail", report.iprev->cause);
  read_property(reader, "policy.iprev", "2001:db8::1");
  read_method(reader, "spf", "softfail", report.spf->cause);
  read_property(reader, "smtp.mailfrom",
                envelope.mail_from.empty() ? "postmaster@" + envelope.helo : envelope.mail_from);
  read_method(reader, "spf", "none", "");
  read_property(reader, "smtp.helo", envelope.helo);
  for (const auto& signature : *report.dkim) {
    read_method(reader, "dkim", "permerror", signature.cause);
    read_property(reader, "header.d", signature.domain);
    read_property(reader, "header.i", signature.identity);
    read_property(reader, "header.s", signature.selector);
    read_property(reader, "header.a", signature.algorithm);
    read_property(reader, "header.b", signature.signature);
  }
  read_method(reader, "dmarc", "temperror", "");
  read_property(reader, "header.from", report.dmarc->rfc9989.from_domain);
  require(reader.at_end());
  for (auto at = field.find('\n'); at != std::string::npos;) {
    const auto end = std::min(field.find('\n', at + 1), field.size());
    require(end - at <= 998);  // RFC 5322 section 2.1.1; the first line is the receiver's own name
    at = end == field.size() ? std::string::npos : end;
  }
  return 0;
}
