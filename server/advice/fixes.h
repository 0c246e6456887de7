// What to publish or set up so that the next mail counts: one function a check, from the report alone.
#pragma once

#include "advice/provider.h"
#include "dns/resolver.h"
#include "evaluation/dmarc/record.h"
#include "evaluation/report.h"
#include "trace/step.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

namespace mailassay::advice {

struct Advice {
  trace::Name kind;
  trace::Facts facts;
};

// What the advice for one mail rests on.
struct Case {
  explicit Case(const evaluation::Report& judged);

  const evaluation::Report& report;
  const dmarc::Outcome& dmarc;          // RFC 9989's
  std::string from;                     // the author domain, empty if there is no single one
  std::string organization;             // by the public suffix list: where a person would publish
  std::optional<dmarc::Record> record;  // the policy record that applies
  // How the identifiers align, or would with a first record (by RFC 7489's rules, which need none).
  const dmarc::Identifier& spf;
  const std::vector<dmarc::Identifier>& dkim;
  std::optional<Provider> provider;
  bool local = false;       // the client's address says nothing about the internet
  bool spf_counts = false;  // passes and aligns
  bool dkim_counts = false;

  bool passes() const { return dmarc.result == evaluation::Result::pass; }
};

// {"name","type","value"}: a DNS record to publish.
trace::Value record(std::string name, const char* type, std::string value);
trace::Value or_null(const std::string& text);
trace::Value provider_name(const Case& mail);

// A name that the public DNS cannot have: one label, or below a top level that is nobody's ("web01.local").
bool is_unreal(std::string_view domain);

// Where all else waits: From names no domain, or one that the public DNS cannot have.
std::optional<Advice> author_advice(const Case& mail);
// RFC 5322 section 3.6 allows one From field, and receivers want one domain in it.
std::optional<Advice> one_author_advice(const Case& mail);
// From at a mailbox provider that did not send this: no record of one's own helps.
std::optional<Advice> foreign_from_advice(const Case& mail);

// Each gives nothing where nothing is amiss.
std::optional<Advice> dkim_advice(const Case& mail);
// SES has its own for a Return-Path under amazonses.com (ses.h). A record that is proposed was judged, and
// passes.
boost::asio::awaitable<std::optional<Advice>> spf_advice(const Case& mail, dns::Resolver& resolver);
std::optional<Advice> reverse_name_advice(const Case& mail);
// What would make a signature that counts a better one: a longer key, no testing flag, the whole body.
std::vector<Advice> better_signature_advice(const Case& mail);

// What stands at `_dmarc.` and the domain.
struct DmarcName {
  std::string domain;
  std::vector<std::string> records;
  std::string other;  // a text that looks meant as DMARC, yet is none
  std::string alias;  // the target of a CNAME there
};
// Of the author domain, of the names above it that are asked, and at last of its organization.
using DmarcNames = std::vector<DmarcName>;
boost::asio::awaitable<DmarcNames> dmarc_names(const Case& mail, dns::Resolver& resolver);
// What no other advice gets past: several records, a DNS that does not answer, a record missing at the
// organization.
std::optional<Advice> dmarc_blocker(const Case& mail, const DmarcNames& names);
std::optional<Advice> dmarc_advice(const Case& mail, const DmarcNames& names);
// Nothing is amiss with this mail: what is left.
std::vector<Advice> praise(const Case& mail);

// The record with one more term, before the term `decided` if it has that, else before what ends it ("all" or
// redirect=).
std::string with_term(const std::string& record, const std::string& term, std::string_view decided = {});
// The DMARC record with the tag's value replaced, or with the tag at its end.
std::string with_tag(const dmarc::Record& record, std::string_view name, std::string_view value);

}  // namespace mailassay::advice
