#include "evaluation/dkim/forensics.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace mailassay::dkim {
namespace {

using message::Field;

struct Source {
  std::string_view field;   // may have been rewritten
  std::string_view copies;  // a field that may still hold its old value
};
constexpr std::array<Source, 9> kCopies{{{"From", "Reply-To"},
                                         {"From", "X-Original-From"},
                                         {"From", "X-Original-Sender"},
                                         {"From", "Sender"},
                                         {"To", "X-Original-To"},
                                         {"To", "Delivered-To"},
                                         {"Sender", "From"},
                                         {"Message-ID", "X-Original-Message-ID"},
                                         {"Message-ID", "X-Message-ID"}}};
constexpr std::array<std::string_view, 4> kEncodings{"7bit", "8bit", "quoted-printable", "base64"};

std::string without_folds(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i)
    if (value[i] != '\r' && value[i] != '\n') out.push_back(value[i]);
  return out;
}

std::string shown(std::string_view value) {
  return std::string(trim_fws(value));
}

// One "[list] " or "[SPAM] " taken out of a subject; nothing if there is none.
std::optional<std::string> without_bracket(std::string_view value) {
  const auto open = value.find('[');
  const auto close = value.find(']', open == std::string_view::npos ? value.size() : open);
  if (close == std::string_view::npos) return std::nullopt;
  std::string out(value.substr(0, open));
  std::string_view rest = value.substr(close + 1);
  while (!rest.empty() && is_fws(rest.front())) rest.remove_prefix(1);
  return out.append(rest);
}

class HeaderExplainer {
 public:
  HeaderExplainer(const Claim& claim, const Evidence& evidence, const SignedDigest& digest, Budget& budget)
      : claim_(claim), evidence_(evidence), digest_(digest), budget_(budget) {
    for (const Field* field : evidence.index.select(claim.signature.signed_headers, &claim.field))
      if (field != nullptr) fields_.push_back(field);
    pieces_.reserve(fields_.size());
    for (const Field* field : fields_) pieces_.push_back(canonical(field->raw));
    append_own_field(own_, claim.field, claim.signature);
  }

  std::optional<Explanation> explain() {
    if (auto found = by_copies()) return found;
    if (auto found = as_signers_get_it_wrong()) return found;
    for (std::size_t i = 0; i < fields_.size(); ++i)
      if (auto found = by_field(i)) return found;
    if (fits(top_down() + own_)) return Explanation{"taken_top_down"};
    return std::nullopt;
  }

 private:
  std::string canonical(std::string_view raw) const {
    std::string out;
    append_canonical_field(out, raw, claim_.signature.header_canonicalization);
    return out;
  }

  bool fits(std::string_view octets) { return budget_.take(octets.size()) && digest_.fits(octets); }

  // With one field's canonical text exchanged.
  bool fits_with(std::size_t index, std::string_view piece) {
    std::string octets;
    for (std::size_t i = 0; i < pieces_.size(); ++i)
      octets.append(i == index ? piece : std::string_view(pieces_[i]));
    return fits(octets.append(own_));
  }

  bool fits_with_value(std::size_t index, std::string_view value) {
    return fits_with(index, canonical(std::string(fields_[index]->name) + ":" + std::string(value) + "\r\n"));
  }

  Explanation change(std::string_view what, std::size_t index, std::string_view before) const {
    return {what, std::string(fields_[index]->name), shown(before), shown(fields_[index]->value)};
  }

  // z= holds the fields as they were signed. Compared as the signer may have folded them.
  std::optional<Explanation> by_copies() const {
    for (const CopiedField& copy : copied_fields(claim_.signature)) {
      std::vector<const Field*> same;
      for (const Field* field : fields_)
        if (equals_without_case(field->name, copy.name)) same.push_back(field);
      const bool kept = std::any_of(same.begin(), same.end(), [&](const Field* field) {
        return relaxed(field->value) == relaxed(copy.value);
      });
      if (kept) continue;
      Explanation found{same.empty() ? "field_removed" : "field_changed", copy.name, shown(copy.value)};
      if (!same.empty()) found.after = shown(same.front()->value);
      return found;
    }
    return std::nullopt;
  }

  static std::string relaxed(std::string_view value) {
    std::string out;
    append_canonical_field(out, "x:" + std::string(value), Canonicalization::relaxed);
    return out;
  }

  // The header is as it was sent; the signer hashed it otherwise than it says.
  std::optional<Explanation> as_signers_get_it_wrong() {
    std::string fields;
    for (const auto& piece : pieces_) fields += piece;
    if (fits(fields + own_ + "\r\n")) return Explanation{"final_line_end_hashed"};
    if (fits(fields)) return Explanation{"own_field_not_hashed"};
    if (fits(own_ + "\r\n" + fields)) return Explanation{"own_field_first"};
    if (fits(with_other_canonicalization())) return Explanation{"other_canonicalization"};
    return std::nullopt;
  }

  std::string with_other_canonicalization() const {
    Signature other;
    other.tags = claim_.signature.tags;
    other.header_canonicalization = claim_.signature.header_canonicalization == Canonicalization::simple
                                        ? Canonicalization::relaxed
                                        : Canonicalization::simple;
    std::string octets;
    for (const Field* field : fields_)
      append_canonical_field(octets, field->raw, other.header_canonicalization);
    append_own_field(octets, claim_.field, other);
    return octets;
  }

  std::string top_down() const {
    std::string octets;
    std::vector<const Field*> taken;
    for (const auto name : claim_.signature.signed_headers) {
      for (const Field& field : evidence_.mail.fields()) {
        const bool used =
            &field == &claim_.field || std::find(taken.begin(), taken.end(), &field) != taken.end();
        if (used || !equals_without_case(field.name, name)) continue;
        taken.push_back(&field);
        octets += canonical(field.raw);
        break;
      }
      if (taken.size() > 200) break;
    }
    return octets;
  }

  std::optional<Explanation> by_field(std::size_t i) {
    const Field& field = *fields_[i];
    if (fits_with(i, {})) return Explanation{"field_added", std::string(field.name), {}, shown(field.value)};
    if (auto found = by_other_instance(i)) return found;
    if (equals_without_case(field.name, "Subject"))
      if (auto found = by_subject(i)) return found;
    if (equals_without_case(field.name, "Content-Transfer-Encoding"))
      for (const auto encoding : kEncodings)
        if (fits_with_value(i, " " + std::string(encoding)))
          return change("transfer_encoding_changed", i, encoding);
    if (const auto plain = without_folds(field.value); fits_with_value(i, plain))
      return change("refolded", i, plain);
    return by_rewriting(i);
  }

  std::optional<Explanation> by_other_instance(std::size_t i) {
    constexpr std::size_t kInstances = 8;
    std::size_t tried = 0;
    for (const Field& other : evidence_.mail.fields()) {
      if (&other == fields_[i] || &other == &claim_.field ||
          !equals_without_case(other.name, fields_[i]->name))
        continue;
      if (fits_with(i, canonical(other.raw))) return change("another_of_that_name", i, other.value);
      if (++tried == kInstances) break;
    }
    return std::nullopt;
  }

  std::optional<Explanation> by_subject(std::size_t i) {
    std::string_view value = fields_[i]->value;
    const auto plain = without_bracket(value);
    if (plain && fits_with_value(i, *plain)) return change("subject_prefix", i, *plain);
    // "***SPAM*** ", "SPAM: ", "External: ": one word at the front.
    value = trim_fws(value);
    const auto space = value.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::string rest = " " + std::string(trim_fws(value.substr(space)));
    if (fits_with_value(i, rest)) return change("subject_prefix", i, rest);
    return std::nullopt;
  }

  std::optional<Explanation> by_rewriting(std::size_t i) {
    for (const Source& source : kCopies) {
      if (!equals_without_case(fields_[i]->name, source.field)) continue;
      for (const Field* copy : evidence_.mail.all(source.copies))
        if (fits_with_value(i, copy->value)) return change("field_rewritten", i, copy->value);
    }
    return std::nullopt;
  }

  const Claim& claim_;
  const Evidence& evidence_;
  const SignedDigest& digest_;
  Budget& budget_;
  std::vector<const Field*> fields_;  // those signed, in the order of h=
  std::vector<std::string> pieces_;   // each canonical
  std::string own_;
};

}  // namespace

std::optional<Explanation> explain_header(const Claim& claim, const Evidence& evidence,
                                          const SignedDigest& digest, Budget& budget) {
  return HeaderExplainer(claim, evidence, digest, budget).explain();
}

}  // namespace mailassay::dkim
