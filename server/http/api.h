// The endpoints below /api/v1.
#pragma once

#include "http/counters.h"
#include "http/masking.h"
#include "http/rate_limit.h"
#include "http/router.h"
#include "http/server.h"
#include "http/slots.h"
#include "scenario/library.h"

#include <optional>

namespace mailassay::http {

class Api {
 public:
  Api(const Options& options, const Services& services, Counters& counters);

  void add_routes(Router& router);
  Gauges gauges() const;

 private:
  void create_inbox(Call& call);
  void show_inbox(Call& call);
  void remove_inbox(Call& call);
  void show_reachability(Call& call);

  void show_report(Call& call);
  void show_raw(Call& call);
  void show_text(Call& call);
  void show_canonical(Call& call);

  void stream_events(Call& call);
  void wait_for_report(Call& call);
  void evaluate(Call& call);
  void share(Call& call);
  void show_share(Call& call);
  void stream_share(Call& call);
  void list_scenarios(Call& call);
  void show_scenario(Call& call);
  void judge_scenario(Call& call);
  void what_if(Call& call);
  void judge_again(Call& call);

  // The first capture is the token, the second the message's id; both answer 404 when nothing is found.
  std::optional<store::Inbox> inbox_of(Call& call) const;
  std::optional<store::Message> message_of(Call& call) const;
  // The octets of the call's message; answers 404 when it has none (yet).
  std::optional<std::string> mail_of(Call& call) const;
  std::optional<evaluation::Job> job_of(Call& call, const store::Message& message) const;
  std::optional<evaluation::Judged> judge_now(Call& call, evaluation::Job job);
  struct Shared {
    store::Message message;
    std::vector<store::Event> story;
    trace::TimePoint expires_at;     // the inbox's
    std::optional<Masking> masking;  // nothing: shared as it is
  };
  std::optional<Shared> shared_of(Call& call) const;
  // http://host:port or the public URL, without a slash at the end.
  std::string base_url(const Call& call) const;
  bool may_create(Call& call);

  const Options& options_;
  const Services& services_;
  Counters& counters_;
  RateLimit creations_;
  Slots viewers_;
  Slots evaluations_;
  scenario::Library scenarios_;
};

// A number in the query: the default if absent; nothing (and 400 answered) if it is no number up to `max`.
std::optional<std::uint64_t> number_parameter(Call& call, const char* name, std::uint64_t otherwise,
                                              std::uint64_t max);
std::optional<std::uint64_t> parse_number(std::string_view text);
// The last event that a viewer has, of Last-Event-ID or ?after=, 0 without; nothing (and 400 answered) if it
// is no number.
std::optional<std::uint64_t> after_of(Call& call);

// The report of a message, with null for the parts not judged yet.
boost::json::object report_of(const store::Message& message);
// {"report","steps","changed"} beside the report as it was before.
boost::json::object answer_rejudged(const evaluation::Judged& judged, const boost::json::object& before);

}  // namespace mailassay::http
