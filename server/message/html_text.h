// HTML as plain text for reading: no layout, no scripts, links kept. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mailassay::message {

// `html` is UTF-8. A link reads `text <url>`; its http(s) URL is added to `links`.
std::string html_to_text(std::string_view html, std::vector<std::string>& links);

}  // namespace mailassay::message
