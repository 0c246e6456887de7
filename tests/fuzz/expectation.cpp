// Any text as an expectation: refused with a reason, or held against a report, whose answer names it.
#include "evaluation/expectation.h"

#include "evaluation/report.h"
#include "fuzz/require.h"

#include <cstdint>

namespace {

boost::json::object sample_report() {
  using namespace mailassay;
  evaluation::Report report;
  report.spf = spf::Outcome{.result = evaluation::Result::pass, .lookups = 3};
  report.dkim.emplace(2);
  report.dkim->front().domain = "example.com";
  report.dkim->front().key_bits = 2048;
  report.dmarc.emplace();
  return evaluation::to_json(report);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using mailassay::fuzz::require;
  static const auto report = sample_report();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto expectation = mailassay::evaluation::Expectation::parse(text);
  if (!expectation) {
    require(expectation.error().message.find(text) != std::string::npos);
    return 0;
  }
  const auto unmet = expectation->unmet(report);
  if (unmet) require(unmet->starts_with("expected " + std::string(text) + ", but "));
  return 0;
}
