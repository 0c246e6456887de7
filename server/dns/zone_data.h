// A parsed zone: names with their RRsets and directives, and how they answer (RFC 1034 section 4.3.2,
// RFC 4592).
#pragma once

#include "dns/zone.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mailassay::dns {

inline constexpr std::uint32_t kDefaultTtl = 300;  // where a file gives none, and for negative answers

struct Node {
  bool exists = false;                 // by data, by a directive that says so, or because names below it do
  bool removed = false;                // $NXDOMAIN
  std::optional<Status> failure;       // $TIMEOUT, $SERVFAIL for every type
  std::map<Type, Status> type_status;  // $TIMEOUT, $SERVFAIL, $NODATA for one
  std::map<Type, std::vector<Record>> sets;

  bool speaks_of(Type type) const;
  const std::vector<Record>* set(Type type) const;
};

class ZoneData final : public Zone {
 public:
  Answer answer(const std::string& name, Type type) const override;
  std::chrono::milliseconds delay(const std::string& name) const override;
  bool covers(const std::string& name, Type type) const override;
  std::optional<std::string> alias(const std::string& name, Type type) const override;

  // The node of a name, made if it is new.
  Node& at(std::string_view name);
  void set_delay(std::string_view name, std::chrono::milliseconds delay);
  // Makes the names above existing ones exist. After this the zone only answers.
  void complete();

 private:
  // The node that answers for a lower-case name: its own, or the wildcard's; null is NXDOMAIN.
  const Node* find(std::string_view lower_name) const;
  const Node* own(std::string_view lower_name) const;

  std::unordered_map<std::string, Node> nodes_;  // by lower-case name
  std::unordered_map<std::string, std::chrono::milliseconds> delays_;
};

}  // namespace mailassay::dns
