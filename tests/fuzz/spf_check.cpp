// A client, a sender and a zone of TXT, A, MX and PTR records out of the input's lines, judged: whatever they
// say, check_host() ends within its limits.
#include "evaluation/spf/check_host.h"
#include "fuzz/lines.h"
#include "support/run.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  spf::Query query;
  query.ip = net::IpAddress::parse(fuzz::take_line(rest)).value_or(*net::IpAddress::parse("192.0.2.1"));
  query.helo = fuzz::take_line(rest);
  query.mail_from = fuzz::take_line(rest);
  fuzz::LineResolver resolver(rest);
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto outcome = test::run(spf::check_host(query, resolver, {&recorder, trace::Phase::spf}, limits));
  fuzz::require(resolver.queries <= 400);
  fuzz::require(outcome.lookups <= limits.spf_lookups + 1);
  fuzz::require(outcome.void_lookups <= limits.spf_void_lookups + 2);
  fuzz::require(outcome.result != evaluation::Result::policy);
  fuzz::require((outcome.result == evaluation::Result::fail) >= outcome.explanation.has_value());
  fuzz::require(recorder.steps().back().kind == "spf.result");
  return 0;
}
