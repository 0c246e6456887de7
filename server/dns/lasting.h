// A resolver that outlives its owner as long as questions are under way, as those that were asked ahead may
// be when an evaluation ends.
#pragma once

#include "dns/resolver.h"

#include <memory>

namespace mailassay::dns {

std::unique_ptr<Resolver> make_lasting(std::shared_ptr<Resolver> resolver);

}  // namespace mailassay::dns
