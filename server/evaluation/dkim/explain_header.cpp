#include "evaluation/dkim/base64.h"
#include "evaluation/dkim/forensics.h"
#include "message/encoded_word.h"

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

std::string in_q_encoding(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain = (octet | 0x20) >= 'a' && (octet | 0x20) <= 'z';
    if (c == ' ')
      out += '_';
    else if (plain || (c >= '0' && c <= '9') || std::string_view("!*+-/.,").find(c) != std::string_view::npos)
      out += c;
    else
      (out += '=').append({kDigits[octet >> 4], kDigits[octet & 15]});
  }
  return out;
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
    if (auto found = by_folds()) return found;
    return told_by_copy_;
  }

 private:
  std::string canonical(std::string_view raw) const {
    std::string out;
    append_canonical_field(out, raw, claim_.signature.header_canonicalization);
    return out;
  }

  static std::string joined(const std::vector<std::string>& pieces) {
    std::string octets;
    for (const auto& piece : pieces) octets += piece;
    return octets;
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

  // z= holds fields as they were signed, and may hold others too. What differs is put back all at once; only
  // a hash that fits then makes it sure, yet z= itself is signed, so what it tells is kept in case nothing
  // else is found.
  std::optional<Explanation> by_copies() {
    std::vector<std::string> pieces = pieces_;
    std::optional<Explanation> first;
    for (const CopiedField& copy : copied_fields(claim_.signature)) {
      if (!is_signed(copy.name)) continue;
      const auto at = place_of(copy.name);
      if (at == fields_.size()) {
        if (!told_by_copy_) told_by_copy_ = Explanation{"field_removed", copy.name, shown(copy.value)};
        continue;
      }
      const std::string piece = canonical(std::string(fields_[at]->name) + ":" + copy.value + "\r\n");
      const bool held = holds(copy);
      if (held && (is_relaxed() || piece == pieces_[at])) continue;
      pieces[at] = piece;
      if (!first) first = change(held ? "refolded" : "field_changed", at, copy.value);
    }
    if (!first) return std::nullopt;
    if (fits(joined(pieces) + own_)) return first;
    if (!told_by_copy_ && first->what == "field_changed") told_by_copy_ = first;
    return std::nullopt;
  }

  bool is_relaxed() const { return claim_.signature.header_canonicalization == Canonicalization::relaxed; }

  bool is_signed(std::string_view name) const {
    return std::ranges::any_of(claim_.signature.signed_headers,
                               [&](std::string_view header) { return equals_without_case(header, name); });
  }

  // The first signed field of that name; past the end without one.
  std::size_t place_of(std::string_view name) const {
    const auto found =
        std::ranges::find_if(fields_, [&](const Field* f) { return equals_without_case(f->name, name); });
    return static_cast<std::size_t>(found - fields_.begin());
  }

  // A signed field still says the same, but for its folding.
  bool holds(const CopiedField& copy) const {
    return std::ranges::any_of(fields_, [&](const Field* field) {
      return equals_without_case(field->name, copy.name) && relaxed(field->value) == relaxed(copy.value);
    });
  }

  static std::string relaxed(std::string_view value) {
    std::string out;
    append_canonical_field(out, "x:" + std::string(value), Canonicalization::relaxed);
    return out;
  }

  // The header is as it was sent; the signer hashed it otherwise than it says.
  std::optional<Explanation> as_signers_get_it_wrong() {
    const auto fields = joined(pieces_);
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

  // Simple canonicalization holds the white space too: a fold may have stood at any space, with a tab or a
  // space behind it, or none at all.
  std::optional<Explanation> by_folds() {
    if (is_relaxed()) return std::nullopt;
    for (const std::string_view name :
         {"Subject", "From", "To", "Cc", "Reply-To", "Content-Type", "References"})
      if (const auto at = place_of(name); at < fields_.size())
        if (auto found = by_folds_of(at)) return found;
    return std::nullopt;
  }

  std::optional<Explanation> by_folds_of(std::size_t i) {
    auto as_it_is = without_folds(fields_[i]->value);
    std::ranges::replace(as_it_is, '\t', ' ');
    const auto line = relaxed(fields_[i]->value);  // "x:word word\r\n"
    const auto single_spaced = " " + line.substr(2, line.size() - 4);
    for (const auto& value : {single_spaced, as_it_is, single_spaced.substr(1), single_spaced + " "})
      if (fits_with_value(i, value)) return change("refolded", i, single_spaced);
    for (const auto& value : {as_it_is, single_spaced})
      if (fits_with_a_fold(i, value)) return change("refolded", i, single_spaced);
    return std::nullopt;
  }

  bool fits_with_a_fold(std::size_t i, const std::string& value) {
    constexpr int kFolds = 40;
    auto at = value.find(' ');
    for (int tried = 0; at != std::string::npos && tried < kFolds; at = value.find(' ', at + 1), ++tried)
      for (const char* fold : {"\r\n ", "\r\n\t"})
        if (fits_with_value(i, std::string(value).replace(at, 1, fold))) return true;
    return false;
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
    const auto rest =
        space == std::string_view::npos ? std::string() : " " + std::string(trim_fws(value.substr(space)));
    if (!rest.empty() && fits_with_value(i, rest)) return change("subject_prefix", i, rest);
    return by_encoding(i);
  }

  // The same words as one encoded-word (RFC 2047), or as raw UTF-8.
  std::optional<Explanation> by_encoding(std::size_t i) {
    const auto text = message::decode_encoded_words(trim_fws(message::unfold(fields_[i]->value)));
    if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
      return std::nullopt;
    std::vector<std::string> forms{text};
    for (const char* charset : {"UTF-8", "utf-8"}) {
      for (const char* b : {"?B?", "?b?"})
        forms.push_back("=?" + std::string(charset) + b + encode_base64(text) + "?=");
      for (const char* q : {"?Q?", "?q?"})
        forms.push_back("=?" + std::string(charset) + q + in_q_encoding(text) + "?=");
    }
    for (const auto& form : forms)
      if (fits_with_value(i, " " + form)) return change("subject_reencoded", i, form);
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
  std::optional<Explanation> told_by_copy_;
};

}  // namespace

std::optional<Explanation> explain_header(const Claim& claim, const Evidence& evidence,
                                          const SignedDigest& digest, Budget& budget) {
  return HeaderExplainer(claim, evidence, digest, budget).explain();
}

}  // namespace mailassay::dkim
