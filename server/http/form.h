// application/x-www-form-urlencoded: the query of a URL, and the body of a form.
#pragma once

#include <string_view>

#include <httplib.h>

namespace mailassay::http {

// The pairs in any order, decoded ("+" is a space; a "%" that begins no octet stays). A pair is split at its
// first "=": "mail_from=prvs=1=user@example.com" and "expect=dmarc=pass" have values with one. Without any
// the value is empty.
httplib::Params parse_form(std::string_view text);

}  // namespace mailassay::http
