#include "evaluation/dkim/key_record.h"

#include "evaluation/dkim/base64.h"

#include <algorithm>

namespace mailassay::dkim {
namespace {

bool holds(const std::vector<std::string_view>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::vector<std::string_view> words_of(const TagList& tags, std::string_view name) {
  const Tag* tag = tags.find(name);
  return tag == nullptr ? std::vector<std::string_view>{} : split_colons(tag->value);
}

void set_fault(KeyRecord& record, std::string_view tag, std::string_view text, std::string_view why) {
  if (!record.fault) record.fault = Fault{"key_invalid", tag, text, why};
}

// Section 3.6.1: v= is recommended; if it stands, it stands first and says DKIM1.
void read_version(KeyRecord& record, const TagList& tags) {
  const Tag* version = tags.find("v");
  if (version == nullptr) return;
  if (version != tags.tags.data()) return set_fault(record, "v", version->value, "version_not_first");
  if (version->value == "DKIM1") return;
  record.foreign = true;
  set_fault(record, "v", version->value, "version_unknown");
}

void read_key(KeyRecord& record, const TagList& tags) {
  const Tag* key = tags.find("p");
  if (key == nullptr) return set_fault(record, "p", {}, "tag_missing");
  if (key->value.empty()) {
    if (!record.fault) record.fault = Fault{"key_revoked", "p", {}, {}};
    return;
  }
  auto octets = decode_base64(key->value);
  if (!octets) return set_fault(record, "p", key->value, "not_base64");
  record.key = std::move(*octets);
}

}  // namespace

bool KeyRecord::allows(Hash hash) const {
  return hashes.empty() || holds(hashes, hash == Hash::sha1 ? "sha1" : "sha256");
}

bool KeyRecord::for_email() const {
  return services.empty() || holds(services, "*") || holds(services, "email");
}

bool KeyRecord::has_flag(std::string_view flag) const {
  return holds(flags, flag);
}

KeyRecord parse_key_record(std::string_view text) {
  KeyRecord record;
  const TagList tags = parse_tag_list(text);
  read_version(record, tags);
  if (tags.fault)
    set_fault(record, tags.fault->tag, tags.fault->text,
              tags.fault->why.empty() ? tags.fault->cause : tags.fault->why);
  if (const Tag* type = tags.find("k")) record.key_type_text = type->value;
  record.key_type = key_type_of(record.key_type_text);
  record.hashes = words_of(tags, "h");
  record.services = words_of(tags, "s");
  record.flags = words_of(tags, "t");
  if (const Tag* notes = tags.find("n")) record.notes = notes->value;
  read_key(record, tags);
  return record;
}

}  // namespace mailassay::dkim
