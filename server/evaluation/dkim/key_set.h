// The key records of one name, parsed and loaded once for as long as the answer is cached.
#pragma once

#include "dns/answer.h"
#include "evaluation/dkim/key_record.h"
#include "evaluation/dkim/public_key.h"

#include <deque>
#include <memory>
#include <string>

namespace mailassay::dkim {

// One TXT record.
struct KeyCandidate {
  explicit KeyCandidate(std::string record_text);
  KeyCandidate(const KeyCandidate&) = delete;  // the record's views lie in text
  KeyCandidate& operator=(const KeyCandidate&) = delete;

  std::string text;
  KeyRecord record;  // with a fault as well when the key cannot be loaded
  int bits = 0;
  std::shared_ptr<const PublicKey> key;  // null beside a fault
};

struct KeySet {
  std::deque<KeyCandidate> candidates;  // in the order of the answer
};

// Of the answer's TXT records; kept in answer.parsed.
std::shared_ptr<const KeySet> keys_of(const dns::Answer& answer);

// The record to speak of where none may be used for a signature: the first sound one of the wanted type, else
// the first sound one, else the first that is a key record at all. Null if none is.
const KeyCandidate* choose(const KeySet& keys, KeyType wanted);

}  // namespace mailassay::dkim
