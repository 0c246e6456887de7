#include "dns/name.h"
#include "dns/zone_data.h"

#include <algorithm>

namespace mailassay::dns {
namespace {

constexpr std::size_t kMaxChain = 16;  // CNAMEs; a longer chain is taken for a loop

std::string key_of(std::string_view name) {
  return lower(without_trailing_dot(name));
}

std::uint8_t rcode_of(Status status) {
  switch (status) {
    case Status::servfail:
      return 2;
    case Status::nxdomain:
      return 3;
    case Status::refused:
      return 5;
    default:
      return 0;
  }
}

void finish(Answer& answer, Status status) {
  answer.status = status;
  answer.rcode = rcode_of(status);
  if (answer.ttl == 0 && is_void(status)) answer.ttl = kDefaultTtl;
}

// The node's own word on the type, without CNAMEs: nothing if it has none.
std::optional<Status> stated(const Node& node, Type type) {
  if (node.removed) return Status::nxdomain;
  const auto of_type = node.type_status.find(type);
  if (of_type != node.type_status.end()) return of_type->second;
  return node.failure;
}

void take_records(const std::vector<Record>& set, const std::string& owner, Answer& answer) {
  answer.records = set;
  answer.ttl = set.front().ttl;
  for (auto& record : answer.records) {
    record.owner = owner;  // a wildcard's records come under the name asked
    answer.ttl = std::min(answer.ttl, record.ttl);
  }
  finish(answer, Status::records);
}

}  // namespace

bool Node::speaks_of(Type type) const {
  return removed || failure || type_status.contains(type) || sets.contains(type) ||
         sets.contains(Type::CNAME);
}

const std::vector<Record>* Node::set(Type type) const {
  const auto found = sets.find(type);
  return found == sets.end() ? nullptr : &found->second;
}

Answer ZoneData::answer(const std::string& name, Type type) const {
  Answer answer{.name = name, .type = type, .authoritative = true, .server = "zone"};
  if (!to_wire(name)) {
    finish(answer, Status::bad_name);
    return answer;
  }
  std::string current(without_trailing_dot(name));
  while (const auto target = alias(current, type)) {
    answer.aliases.push_back(*target);
    if (answer.aliases.size() > kMaxChain) {
      finish(answer, Status::servfail);
      return answer;
    }
    current = *target;
  }
  const Node* node = find(lower(current));
  if (!node) {
    finish(answer, Status::nxdomain);
  } else if (const auto status = stated(*node, type)) {
    finish(answer, *status);
  } else if (const auto* set = node->set(type)) {
    take_records(*set, current, answer);
  } else {
    finish(answer, Status::no_data);
  }
  return answer;
}

std::optional<std::string> ZoneData::alias(const std::string& name, Type type) const {
  if (type == Type::CNAME) return std::nullopt;
  const Node* node = find(key_of(name));
  if (!node || stated(*node, type) || node->set(type)) return std::nullopt;
  if (stated(*node, Type::CNAME)) return std::nullopt;
  const auto* set = node->set(Type::CNAME);
  return set ? std::optional(set->front().name()) : std::nullopt;
}

std::chrono::milliseconds ZoneData::delay(const std::string& name) const {
  if (delays_.empty()) return {};
  const std::string key = key_of(name);
  const auto found = delays_.find(key);
  if (found != delays_.end()) return found->second;
  for (std::string_view above = parent(key); !above.empty(); above = parent(above)) {
    const auto wildcard = delays_.find("*." + std::string(above));
    if (wildcard != delays_.end()) return wildcard->second;
  }
  return {};
}

bool ZoneData::covers(const std::string& name, Type type) const {
  const Node* node = own(key_of(name));
  return node && node->speaks_of(type);
}

Node& ZoneData::at(std::string_view name) {
  return nodes_[key_of(name)];
}

void ZoneData::set_delay(std::string_view name, std::chrono::milliseconds delay) {
  delays_[key_of(name)] = delay;
}

void ZoneData::complete() {
  std::vector<std::string> existing;
  for (const auto& [name, node] : nodes_)
    if (node.exists) existing.push_back(name);
  for (const std::string_view name : existing)
    for (std::string_view above = parent(name); !above.empty(); above = parent(above))
      nodes_[std::string(above)].exists = true;
}

const Node* ZoneData::own(std::string_view lower_name) const {
  const auto found = nodes_.find(std::string(lower_name));
  return found == nodes_.end() ? nullptr : &found->second;
}

const Node* ZoneData::find(std::string_view lower_name) const {
  const Node* exact = own(lower_name);
  if (exact && (exact->exists || exact->removed)) return exact;
  // RFC 4592 section 3.3.1: only a wildcard right below the closest encloser counts.
  std::string_view encloser = parent(lower_name);
  while (!encloser.empty()) {
    const Node* node = own(encloser);
    if (node && node->exists) break;
    encloser = parent(encloser);
  }
  const Node* wildcard = own(encloser.empty() ? "*" : "*." + std::string(encloser));
  return wildcard && wildcard->exists ? wildcard : nullptr;
}

}  // namespace mailassay::dns
