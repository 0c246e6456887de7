// Any text as a DKIM-Signature, ARC-Message-Signature or ARC-Seal.
#include "evaluation/dkim/signature.h"
#include "evaluation/dkim/signer.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using mailassay::dkim::SignatureKind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto kind : {SignatureKind::dkim, SignatureKind::arc_message, SignatureKind::arc_seal}) {
    const auto signature = mailassay::dkim::parse_signature(text, kind);
    const auto signer = mailassay::dkim::signer_of(signature);
    if (!signer.fault && (signature.signature.empty() || signer.domain.empty())) std::abort();
    mailassay::dkim::copied_fields(signature);
  }
  return 0;
}
