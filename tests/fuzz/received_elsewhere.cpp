// Any octets as a mail from a mailbox: what its server wrote on top tells one connection, in one step, and
// nothing of it can break a line.
#include "evaluation/received_elsewhere.h"

#include "fuzz/require.h"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mailassay;
  using fuzz::require;
  const message::Message mail(message::with_crlf({reinterpret_cast<const char*>(data), size}, nullptr));
  trace::Recorder recorder;
  const auto connection = evaluation::connection_from_headers(mail, {&recorder, trace::Phase::connection});
  require(connection.source == evaluation::Source::headers && !connection.peer);
  require(recorder.steps().size() == 1 && recorder.steps()[0].kind == "connection.from_headers");
  for (const auto& guess : connection.guessed)
    require(guess == "ip" || guess == "helo" || guess == "mail_from");
  for (const auto& text : {connection.envelope.helo, connection.envelope.mail_from})
    require(text.find_first_of("\r\n") == std::string::npos);
  // Without a field that could have told, nothing is told.
  if (mail.fields().empty())
    require(!connection.ip && connection.envelope.helo.empty() && connection.envelope.mail_from.empty());
  return 0;
}
