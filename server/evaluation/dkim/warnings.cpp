#include "evaluation/dkim/warnings.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace mailassay::dkim {
namespace {

constexpr std::int64_t kClockSkew = 300;  // seconds
constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kOld = 7 * kDay;

// Those of RFC 6376 section 5.4.1 that decide what a reader sees, and RFC 8058's.
constexpr std::array<std::string_view, 11> kWorthSigning{"Subject",
                                                         "Date",
                                                         "To",
                                                         "Cc",
                                                         "Reply-To",
                                                         "Message-ID",
                                                         "Sender",
                                                         "MIME-Version",
                                                         "Content-Type",
                                                         "List-Unsubscribe",
                                                         "List-Unsubscribe-Post"};

std::size_t times_signed(const Signature& signature, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(signature.signed_headers.begin(), signature.signed_headers.end(),
                    [&](std::string_view header) { return equals_without_case(header, name); }));
}

void warn_of_fields(trace::Scope scope, const Claim& claim, const Evidence& evidence) {
  trace::List unsigned_fields;
  for (const auto name : kWorthSigning)
    if (evidence.index.count(name) > 0 && times_signed(claim.signature, name) == 0)
      unsigned_fields.emplace_back(name);
  if (unsigned_fields.empty()) return;
  scope.step("dkim.warning",
             {{"why", "fields_not_signed"}, {"fields", std::move(unsigned_fields)}, {"rfc", "6376 5.4.1"}});
}

// Of a name that may stand once (RFC 5322 section 3.6), readers show whichever they like.
void warn_of_added(trace::Scope scope, const Claim& claim, const Evidence& evidence) {
  for (const std::string_view name :
       {"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID"}) {
    const std::size_t present = evidence.index.count(name);
    const std::size_t signed_times = times_signed(claim.signature, name);
    if (present < 2 || signed_times == 0 || present <= signed_times) continue;
    scope.step("dkim.warning", {{"why", name == "From" ? "from_added" : "field_added"},
                                {"field", name},
                                {"present", present},
                                {"signed", signed_times},
                                {"rfc", "6376 8.15"}});
  }
}

void warn_of_length(trace::Scope scope, const Claim& claim, Evidence& evidence) {
  if (!claim.signature.length) return;
  const BodyHash& body = evidence.bodies.of(claim.signature);
  if (body.octets == body.hashed) return;
  scope.step("dkim.warning", {{"why", "unsigned_octets"},
                              {"signed", body.hashed},
                              {"unsigned", body.octets - body.hashed},
                              {"rfc", "6376 8.2"}});
}

void warn_of_time(trace::Scope scope, const Signature& signature, std::chrono::system_clock::time_point at) {
  constexpr std::uint64_t kEndOfTime = 1'000'000'000'000;  // section 3.5: beyond, as good as infinite
  if (!signature.signed_at) return;
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
  const auto age = now - static_cast<std::int64_t>(std::min(*signature.signed_at, kEndOfTime));
  if (age < -kClockSkew)
    scope.step("dkim.warning", {{"why", "signed_in_future"}, {"seconds", -age}, {"rfc", "6376 3.5"}});
  else if (age > kOld)
    scope.step("dkim.warning", {{"why", "signature_old"}, {"days", age / kDay}, {"rfc", "6376 8.6"}});
}

}  // namespace

void tell_warnings(trace::Scope scope, const Claim& claim, Evidence& evidence, const Finding& finding,
                   std::chrono::system_clock::time_point at) {
  warn_of_length(scope, claim, evidence);
  warn_of_added(scope, claim, evidence);
  warn_of_fields(scope, claim, evidence);
  warn_of_time(scope, claim.signature, at);
  if (finding.key_records > 1)
    scope.step("dkim.warning",
               {{"why", "several_keys"}, {"records", finding.key_records}, {"rfc", "6376 3.6.2.2"}});
  if (finding.testing) scope.step("dkim.warning", {{"why", "key_testing"}, {"rfc", "6376 3.6.1"}});
}

}  // namespace mailassay::dkim
