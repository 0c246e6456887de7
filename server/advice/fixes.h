// What to publish or set up so that the next mail counts: one function a check, from the report alone.
#pragma once

#include "advice/provider.h"
#include "evaluation/report.h"
#include "trace/step.h"

#include <optional>
#include <string>
#include <vector>

namespace mailassay::advice {

struct Advice {
  trace::Name kind;
  trace::Facts facts;
};

// What the advice for one mail rests on.
struct Case {
  explicit Case(const evaluation::Report& judged);

  const evaluation::Report& report;
  const dmarc::Outcome& dmarc;  // RFC 9989's
  std::string from;             // the author domain, empty if there is no single one
  std::string organization;     // by the public suffix list: where a person would publish
  std::optional<Provider> provider;
  bool local = false;       // the client's address says nothing about the internet
  bool spf_counts = false;  // passes and aligns
  bool dkim_counts = false;
};

// {"name","type","value"}: a DNS record to publish.
trace::Value record(std::string name, const char* type, std::string value);

// For a mail whose From names no domain that DMARC could judge: all else waits for it.
Advice author_advice(const Case& mail);
// Each gives nothing where nothing is amiss.
std::optional<Advice> dkim_advice(const Case& mail);
// For SPF that does not count; SES has its own (ses.h). published: the domain's SPF record, if it has one.
std::optional<Advice> spf_advice(const Case& mail, const std::optional<std::string>& published);
std::optional<Advice> dmarc_advice(const Case& mail);
std::optional<Advice> reverse_name_advice(const Case& mail);
// The record with one more term, before what ends it ("all" or redirect=).
std::string with_term(const std::string& record, const std::string& term);

}  // namespace mailassay::advice
