// Domain names as text: labels joined by dots, octets as they are; `\.` and `\\` stand for a dot and a
// backslash inside a label. A trailing dot changes nothing. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailassay::dns {

// ASCII lower-case.
std::string lower(std::string_view name);
// Equal without case (ASCII), trailing dots ignored.
bool same_name(std::string_view a, std::string_view b);
// "a.b.c" as a, b, c; the root and "" have none. Empty labels ("a..b") are kept.
std::vector<std::string_view> labels(std::string_view name);
// The name one label up, "" from a single label.
std::string_view parent(std::string_view name);
// True if name is `of` or below it, at a label boundary, without case. Everything is below the root.
bool is_subdomain_or_equal(std::string_view name, std::string_view of);

// Without a trailing dot (an escaped one stays, and so do two: they end an empty label).
std::string_view without_trailing_dot(std::string_view name);
// The octets of the wire form (RFC 1035 section 3.1). Nothing for the root, an empty label, a label over 63
// octets or a name over 253 in text.
std::optional<std::vector<std::uint8_t>> to_wire(std::string_view name);
// An uncompressed wire name as text; nothing if it is cut short.
std::optional<std::string> from_wire(std::span<const std::uint8_t> wire);
// Master-file form for people: special octets escaped, with the trailing dot.
std::string to_presentation(std::string_view name);

}  // namespace mailassay::dns
