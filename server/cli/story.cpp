#include "cli/story.h"

#include "dns/answer.h"

#include <algorithm>

#include <fmt/format.h>

namespace mailassay::cli {
namespace {

std::string result_of(const boost::json::object& report, std::string_view part) {
  const auto* value = report.if_contains(part);
  if (!value || !value->is_object()) return "-";  // not judged, which is not a result of none
  return std::string(value->get_object().at("result").as_string());
}

// A mail may have several signatures: pass if one does, else the first one's word.
std::string dkim_word(const boost::json::object& report) {
  const auto* signatures = report.if_contains("dkim");
  if (!signatures || !signatures->is_array()) return "-";
  if (signatures->get_array().empty()) return "none";
  std::string word;
  for (const auto& signature : signatures->get_array()) {
    const std::string result(signature.at("result").as_string());
    if (result == "pass") return result;
    if (word.empty()) word = result;
  }
  return word;
}

std::string member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() && !value->get_string().empty() ? std::string(value->get_string()) : "-";
}

const char* yes_or_no(bool is) {
  return is ? "yes" : "no";
}

// Of the signatures whose word is shown.
bool dkim_aligned(const boost::json::object& dmarc, std::string_view word) {
  const auto* signatures = dmarc.if_contains("dkim");
  return signatures && signatures->is_array() &&
         std::ranges::any_of(signatures->get_array(), [&](const auto& signature) {
           return signature.at("aligned").as_bool() && signature.at("result").as_string() == word;
         });
}

bool spf_aligned(const boost::json::object& dmarc) {
  const auto* spf = dmarc.if_contains("spf");
  return spf && spf->is_object() && spf->at("aligned").as_bool();
}

}  // namespace

std::string Story::tell(const boost::json::object& event) {
  const auto id = event.at("id").to_number<std::int64_t>();
  const auto parent = event.at("parent").is_null() ? 0 : event.at("parent").to_number<std::int64_t>();
  const int depth = parent == 0 ? 0 : depths_[parent] + 1;
  depths_[id] = depth;

  std::string lines;
  if (const std::string phase(event.at("phase").as_string()); phase != phase_) {
    phase_ = phase;
    lines += fmt::format("{}\n", phase);
  }
  const std::string kind(event.at("kind").as_string());
  const auto& facts = event.at("data").as_object();
  const auto indent = std::string(2 + 2 * static_cast<std::size_t>(depth), ' ');
  lines += fmt::format("{}{}", indent, words_.text(kind, facts));
  if (const auto* rfc = facts.if_contains("rfc"); rfc && rfc->is_string())
    lines += fmt::format("  [RFC {}]", std::string(rfc->get_string()));
  lines += '\n';
  if (kind.starts_with("advice.")) lines += counsel(kind, facts, indent + "  ");
  return lines;
}

// What to publish, as zone-file lines, and why. Nothing in them steers the terminal.
std::string Story::counsel(const std::string& kind, const boost::json::object& facts,
                           const std::string& indent) const {
  std::string lines;
  const auto* records = facts.if_contains("records");
  if (records && records->is_array())
    for (const auto& one : records->get_array()) {
      const auto& record = one.as_object();
      auto line = dns::zone_line(member(record, "name"), member(record, "type"), member(record, "value"));
      for (auto& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
      lines += indent + line + '\n';
    }
  const auto why = words_.why(kind, facts);
  return why.empty() ? lines : lines + indent + why + '\n';
}

std::string summary_line(const boost::json::object& report) {
  const auto dkim = dkim_word(report);
  std::string line =
      fmt::format("spf={} dkim={} dmarc={}", result_of(report, "spf"), dkim, result_of(report, "dmarc"));
  if (const auto* dmarc = report.if_contains("dmarc"); dmarc && dmarc->is_object()) {
    const auto& object = dmarc->get_object();
    line += fmt::format(" from={} spf_aligned={} dkim_aligned={} policy={} disposition={}",
                        member(object, "from_domain"), yes_or_no(spf_aligned(object)),
                        yes_or_no(dkim_aligned(object, dkim)), member(object, "policy"),
                        member(object, "disposition"));
  }
  return line;
}

}  // namespace mailassay::cli
