// Who turns a judged mail into advice. An interface, so that the evaluation need not know what is advised.
#pragma once

#include "dns/resolver.h"
#include "evaluation/report.h"
#include "message/message.h"
#include "trace/step.h"

#include <boost/asio/awaitable.hpp>

namespace mailassay::evaluation {

class Adviser {
 public:
  virtual ~Adviser() = default;

  // Starts the questions that advise() will ask, as soon as the mail is there. spf may be null.
  virtual void prefetch(const message::Message& mail, const spf::Outcome* spf,
                        dns::Resolver& resolver) const = 0;

  // Emits the steps of phase advice for a report that is whole, the most urgent first.
  virtual boost::asio::awaitable<void> advise(const Report& report, dns::Resolver& resolver,
                                              trace::Scope scope) const = 0;
};

}  // namespace mailassay::evaluation
