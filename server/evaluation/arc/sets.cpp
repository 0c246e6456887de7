#include "evaluation/arc/sets.h"

#include <algorithm>

namespace mailassay::arc {
namespace {

using dkim::Claim;
using dkim::Fault;
using message::Field;

// The number of an instance, 0 if it is none (section 4.2.1).
int instance_of(std::string_view digits) {
  int number = 0;
  if (digits.empty() || digits.size() > 4) return 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 0;
    number = number * 10 + (c - '0');
  }
  return number;
}

int instance_of(const Claim& claim) {
  const dkim::Tag* tag = claim.signature.tags.find("i");
  return tag == nullptr ? 0 : instance_of(tag->value);
}

// Section 4.1.1: "i=1;" stands before the results, which are no tag-list.
int instance_of_results(const Field& field) {
  const auto semicolon = field.value.find(';');
  if (semicolon == std::string_view::npos) return 0;
  const std::string_view head = field.value.substr(0, semicolon);
  const auto equals = head.find('=');
  if (equals == std::string_view::npos || dkim::trim_fws(head.substr(0, equals)) != "i") return 0;
  return instance_of(dkim::trim_fws(head.substr(equals + 1)));
}

class Collector {
 public:
  Collector(const message::Message& mail, int most) : most_(most) {
    add_results(mail.all("ARC-Authentication-Results"));
    add_claims(mail.all("ARC-Message-Signature"), dkim::SignatureKind::arc_message, &Set::message_signature);
    add_claims(mail.all("ARC-Seal"), dkim::SignatureKind::arc_seal, &Set::seal);
    for (Set& set : chain_.sets) check(set);
  }
  Chain take() { return std::move(chain_); }

 private:
  void set_fault(std::string_view cause, int instance, std::string_view tag, std::string_view text,
                 std::string_view why = {}) {
    if (chain_.fault) return;
    chain_.fault = Fault{cause, tag, text, why};
    chain_.fault_instance = instance;
  }

  // The set of that instance; null if the number can be none's.
  Set* set_of(int instance, const Field& field) {
    if (instance < 1 || instance > most_) {
      set_fault(instance > most_ ? "too_many_instances" : "instance_invalid", 0, "i", field.name);
      return nullptr;
    }
    while (static_cast<int>(chain_.sets.size()) < instance)
      chain_.sets.push_back({.instance = static_cast<int>(chain_.sets.size()) + 1});
    return &chain_.sets[static_cast<std::size_t>(instance - 1)];
  }

  void add_results(const std::vector<const Field*>& fields) {
    for (const Field* field : fields) {
      Set* set = set_of(instance_of_results(*field), *field);
      if (set == nullptr) continue;
      if (set->results != nullptr) set_fault("field_duplicate", set->instance, {}, field->name);
      set->results = field;
    }
  }

  void add_claims(const std::vector<const Field*>& fields, dkim::SignatureKind kind,
                  const Claim* Set::*place) {
    for (const Field* field : fields) {
      if (chain_.claims.size() > static_cast<std::size_t>(2 * most_))
        return set_fault("too_many_instances", 0, "i", field->name);
      const Claim& claim = chain_.claims.emplace_back(*field, kind);
      Set* set = set_of(instance_of(claim), *field);
      if (set == nullptr) continue;
      if (set->*place != nullptr) set_fault("field_duplicate", set->instance, {}, field->name);
      set->*place = &claim;
    }
  }

  void check(Set& set) {
    if (set.results == nullptr) set_fault("field_missing", set.instance, {}, "ARC-Authentication-Results");
    if (set.message_signature == nullptr)
      set_fault("field_missing", set.instance, {}, "ARC-Message-Signature");
    if (set.seal == nullptr) return set_fault("field_missing", set.instance, {}, "ARC-Seal");
    const dkim::Tag* cv = set.seal->signature.tags.find("cv");
    if (cv == nullptr) return set_fault("tag_missing", set.instance, "cv", {});
    set.cv = cv->value;
    const std::string_view expected = set.instance == 1 ? "none" : "pass";
    if (set.cv == "fail")
      set_fault("chain_failed_before", set.instance, "cv", set.cv);
    else if (set.cv != expected)
      set_fault("cv_invalid", set.instance, "cv", set.cv, expected);
    check_claim(set, *set.seal);
    if (set.message_signature != nullptr) check_claim(set, *set.message_signature);
  }

  void check_claim(const Set& set, const Claim& claim) {
    if (!claim.signer.fault) return;
    const Fault& fault = *claim.signer.fault;
    set_fault(fault.cause, set.instance, fault.tag, fault.text, fault.why);
  }

  int most_;
  Chain chain_;
};

}  // namespace

Chain collect(const message::Message& mail, int most) {
  return Collector(mail, most).take();
}

}  // namespace mailassay::arc
