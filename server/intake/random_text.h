// Unguessable text from the kernel's random numbers (getentropy).
#pragma once

#include <chrono>
#include <string>

namespace mailassay::intake {

// "ld-k7m3-x9pq-h4tzw": 64 bits in lower-case letters and digits that a person can read out.
std::string random_local_part();
// Of a mail that begins to come at that time, 17 of the same characters. Ids sort as their times do (from
// 1970 on, to the microsecond), so an index of them grows at its end; their last 6 characters are random. No
// secret: the inbox's token is.
std::string mail_id(std::chrono::system_clock::time_point at);
// 128 bits in the URL-safe alphabet of base64 (RFC 4648 section 5): 22 characters.
std::string random_token();

}  // namespace mailassay::intake
