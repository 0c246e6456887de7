#include "evaluation/dmarc/author.h"

#include "dns/idna.h"
#include "evaluation/dmarc/tree.h"
#include "message/address.h"
#include "message/encoded_word.h"

#include <algorithm>
#include <unordered_set>

namespace mailassay::dmarc {
namespace {

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(std::move(text));
}

void read_addresses(message::Mailboxes parsed, Author& author) {
  // Thousands of domains fit a hostile field, so the list is not searched for each.
  std::unordered_set<std::string> seen;
  for (auto& fault : parsed.faults) add_once(author.warnings, std::move(fault));
  for (auto& mailbox : parsed.mailboxes) {
    author.addresses.push_back(std::move(mailbox.addr_spec));
    if (mailbox.domain.empty() || mailbox.domain.front() == '[') continue;  // the parser told
    auto domain = dns::to_a_labels(mailbox.domain);
    if (!domain || !is_domain(*domain))
      add_once(author.warnings, "bad_domain");
    else if (seen.insert(*domain).second)
      author.domains.push_back(std::move(*domain));
  }
}

}  // namespace

Author author_of(const message::Message& mail) {
  Author author;
  for (const auto* field : mail.all("From")) {
    author.fields.push_back(message::unfold(field->value));
    if (field->space_before_colon) add_once(author.warnings, "space_before_colon");
  }
  auto parsed = message::mailboxes_of(mail, "From");
  author.unread = std::find(parsed.faults.begin(), parsed.faults.end(), "too_long") != parsed.faults.end();
  read_addresses(std::move(parsed), author);
  if (author.fields.size() > 1) add_once(author.warnings, "several_fields");
  if (author.addresses.size() > 1) add_once(author.warnings, "several_addresses");
  if (author.domains.size() > 1) add_once(author.warnings, "several_domains");
  if (author.domains.empty()) author.cause = author.fields.empty() ? "no_from" : "from_unusable";
  return author;
}

}  // namespace mailassay::dmarc
