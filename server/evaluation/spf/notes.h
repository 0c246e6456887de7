// What is legal in an SPF record and yet hardly meant.
#pragma once

#include "evaluation/spf/record.h"

#include <string_view>
#include <vector>

namespace mailassay::spf {

// Stable codes: "passes_everyone", "terms_after_all", "redirect_ignored", "mechanism_with_equals",
// "ptr_discouraged", "no_all".
std::vector<std::string_view> notes_of(const Record& record);

}  // namespace mailassay::spf
