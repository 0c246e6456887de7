// Unguessable text from the kernel's random numbers (getentropy).
#pragma once

#include <cstddef>
#include <string>

namespace mailassay::intake {

// Lower-case letters and digits without those that are read for others (0 o, 1 l i): 4.95 bits each.
std::string random_readable(std::size_t length);
// "ld-k7m3-x9pq-h4tzw": 64 bits that a person can read out.
std::string random_local_part();
// 128 bits in the URL-safe alphabet of base64 (RFC 4648 section 5): 22 characters.
std::string random_token();

}  // namespace mailassay::intake
