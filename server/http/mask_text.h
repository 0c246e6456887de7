// Text without what names a person or a host: the local parts of mail addresses, and IP addresses.
#pragma once

#include "net/ip_address.h"

#include <string>
#include <string_view>
#include <vector>

namespace mailassay::http {

// "bounce@example.com" becomes "***@example.com"; quoted and UTF-8 local parts, those with spaces or comments
// before the @, and "%40" as URLs write it, too.
std::string mask_local_parts(std::string_view text);

// An address becomes what advice::masked makes of it. In a name (dashed, reversed, in nibbles, or the labels
// before in-addr.arpa and ip6.arpa) it becomes one "x", since what is left of two spellings may be the whole.
std::string mask_addresses(std::string_view text);

// How names and programs write this address, beside what mask_addresses finds: padded, in hex, as a number.
std::vector<std::string> spellings(const net::IpAddress& ip);

enum class Where { anywhere, whole_words };
// Each `secret` in the text, ASCII letters without case, becomes `by`. A whole word has no letter or digit
// beside it.
std::string replace_each(std::string_view text, std::string_view secret, std::string_view by,
                         Where where = Where::anywhere);

}  // namespace mailassay::http
