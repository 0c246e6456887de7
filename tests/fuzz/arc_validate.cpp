// Any octets as a mail with an ARC chain: none, pass or fail, and a cause beside a fail.
#include "evaluation/arc/validate.h"
#include "support/run.h"
#include "support/txt_resolver.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  const message::Message mail(std::string(reinterpret_cast<const char*>(data), size));
  test::TxtResolver resolver;
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto outcome = test::run(arc::validate(mail, resolver, {&recorder, trace::Phase::arc},
                                               std::chrono::system_clock::from_time_t(1700000000), limits));
  if ((outcome.result == evaluation::Result::fail) != !outcome.cause.empty()) std::abort();
  return 0;
}
