// Any octets as a mail, its DKIM signatures verified with the keys of RFC 8463: a result each, and none
// passes without its body hash.
#include "evaluation/dkim/verify.h"
#include "support/run.h"
#include "support/txt_resolver.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  const message::Message mail(std::string(reinterpret_cast<const char*>(data), size));
  test::TxtResolver resolver;
  resolver.add("brisbane._domainkey.football.example.com",
               "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
  trace::Recorder recorder;
  const evaluation::Limits limits;
  const auto outcomes = test::run(dkim::verify(mail, resolver, {&recorder, trace::Phase::dkim},
                                               std::chrono::system_clock::from_time_t(1700000000), limits));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].result == evaluation::Result::none) std::abort();
    if (outcomes[i].result == evaluation::Result::pass && outcomes[i].body_hash != "match") std::abort();
    dkim::canonical(mail, i);
  }
  return 0;
}
