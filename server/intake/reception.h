// What receiving stands on: one for each I/O thread.
#pragma once

#include "dns/resolver.h"
#include "evaluation/adviser.h"
#include "evaluation/limits.h"
#include "intake/inboxes.h"
#include "intake/running.h"
#include "store/store.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace mailassay::intake {

struct Limits {
  std::size_t mails_per_inbox = 1000;
  std::chrono::milliseconds evaluation_time{60000};  // from the mail's end; then the verdict is a temperror
  int attempts = 3;                                  // evaluations of one mail, restarts included
  evaluation::Limits evaluation{};
};

// All references outlive the handlers and the evaluations. Before the I/O contexts are destroyed, wait for
// `running` and flush the store: its answers are posted to them.
struct Reception {
  std::vector<std::string> domains;  // whose mail is received here
  std::string receiver;              // our own name: authserv-id, and SPF's %{r}
  store::Store& store;
  Inboxes& inboxes;
  dns::Resolver& resolver;  // of this thread
  Running& running;
  Limits limits{};
  const evaluation::Adviser* adviser = nullptr;
};

}  // namespace mailassay::intake
