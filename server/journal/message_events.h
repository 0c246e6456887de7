// The events that tell one message's story, out of an inbox's journal.
#pragma once

#include "store/store.h"

#include <vector>

namespace mailassay::journal {

// The message's own events up to its verdict, and those of its connection (greeting, EHLO, STARTTLS) that
// belong to no message; with their journal numbers, in order. Never another message's.
std::vector<store::Event> message_events(store::Store& store, const store::Message& message);

}  // namespace mailassay::journal
